# What the line protocol says: plain ASCII, as the seed's terminals had it.

line-greeting = Conexao concluida. Digite --HELP para ajuda.
line-created = Canal { $room } criado, voce esta nele ({ $present }/{ $capacity })
line-joined = Voce entrou no canal { $room } ({ $present }/{ $capacity })
line-out = Voce saiu do canal { $room }
line-topic = Topico: { $topic }
line-topic-none = O canal nao tem topico
line-topic-set = Topico mudado
line-whispered = Mensagem entregue a { $nick }
line-nick-set = Seu nome agora e { $nick }
line-lang-set = O servidor agora fala portugues
line-bye = Ate logo

line-entered = { $nick } entrou no canal
line-left = { $nick } saiu do canal
line-renamed = { $from } agora se chama { $to }
line-topic-set-by = { $nick } mudou o topico: { $topic }
line-topic-cleared-by = { $nick } retirou o topico
line-missed = { $count ->
    [one] { $count } mensagem nao esta mais guardada
   *[other] { $count } mensagens nao estao mais guardadas
}
line-and-more = e mais { $count }
line-shutting-down = O servidor esta encerrando
line-idle = Conexao encerrada por inatividade

line-needs-room = E necessario entrar em uma sala para utilizar o comando { $word }
line-usage = Uso: { $usage }
line-bad-capacity = Capacidade invalida: use um numero de 1 a { $max }
line-bad-name = Nome invalido: use de 1 a { $max } letras, digitos, - _ .
line-not-in-room = Voce nao esta mais na sala
line-no-room = O canal { $room } nao existe
line-room-exists = O canal { $room } ja existe
line-room-full = O canal { $room } esta cheio ({ $present }/{ $capacity })
line-nick-taken = O nome { $nick } ja esta em uso
line-no-nick = O usuario { $nick } nao esta conectado
line-not-reading = O usuario { $nick } nao esta lendo agora: a mensagem nao foi entregue
line-too-many-rooms = O servidor ja tem { $max } canais, o maximo
line-too-long = Linha muito longa: o limite e de { $max } bytes
line-not-utf8 = Texto invalido: use UTF-8
line-too-fast = Muitas mensagens: espere { $seconds } s
line-server-full = Servidor cheio ({ $connected }/{ $max })
line-address-full = Muitas conexoes deste endereco ({ $connected }/{ $max })
line-no-space = Disco cheio: nada pode ser gravado agora, tente mais tarde
line-log-away = O historico esta indisponivel agora, tente mais tarde
line-flooded = Muitas mensagens: conexao encerrada
line-protocol-not-yet = { $protocol } ainda nao e atendido nesta porta; entre com telnet ou papo connect
