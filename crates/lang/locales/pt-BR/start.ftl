# What the server prints at its start, to whoever started it. In a terminal: plain ASCII.

start-ready = papo { $version } esta no ar. As conversas ficam em { $folder }
start-here = Para entrar, nesta maquina:
start-anywhere = Para entrar, de qualquer maquina da rede:
start-only-here = So esta maquina alcanca este endereco. Para abrir a rede: papo --ip 0.0.0.0
start-few-files = Atencao: --max { $connections }, mas o sistema permite { $open } arquivos abertos: cabem { $fit } conexoes. Para caberem todas: ulimit -n { $needed } (no systemd: LimitNOFILE={ $needed })
start-stop = Para encerrar: Ctrl-C
