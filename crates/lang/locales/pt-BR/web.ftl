# What the built-in pages say.

web-tagline = Salas de conversa numa porta só
web-lead = Quem alcança este endereço pode entrar: abra um terminal, escolha uma sala e fale. O que se diz fica guardado na sala para quem chega depois.
web-browser = Ou converse aqui mesmo, no navegador
web-browser-missing = Aqui não há conversa no navegador: este programa foi compilado onde não havia Node.js.
web-enter = Entre agora
web-enter-how = Escolha um comando e cole no terminal. Todos levam às mesmas salas.
web-telnet = Um velho conhecido, em quase toda máquina.
web-nc = Vem com o Linux e o macOS.
web-connect = O cliente do papo: a linha que você digita fica inteira, e ele volta sozinho se a rede cair.
web-inside = Lá dentro
web-example-room = praca
web-example-message = oi, gente!
web-create = abre uma sala com dez lugares
web-join = entra numa sala que existe
web-say = o que não é comando vai para a sala
web-channels = mostra as salas abertas
web-help = mostra todos os comandos
web-host-unknown = ENDERECO
web-port-unknown = PORTA
web-missing = Não há nada aqui
web-missing-lead = Este endereço não leva a nenhuma página. Talvez tenha mudado de nome; talvez nunca tenha existido.
web-missing-back = Voltar à entrada
