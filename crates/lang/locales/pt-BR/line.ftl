# What the line protocol says: plain ASCII, as the seed's terminals had it.

line-greeting = Conexao concluida. Digite --HELP para ajuda.
line-created = Canal { $room } criado, voce esta nele ({ $present }/{ $capacity })
line-joined = Voce entrou no canal { $room } ({ $present }/{ $capacity })
line-out = Voce saiu do canal { $room }
line-topic = Topico: { $topic }
line-topic-none = O canal nao tem topico
line-topic-set = Topico mudado
line-whispered = Mensagem entregue a { $nick }
line-replied = Resposta enviada: e a mensagem #{ $number }
line-edited = Mensagem #{ $number } corrigida
line-deleted = Mensagem #{ $number } apagada
line-reacted = Reacao posta em #{ $number }
line-unreacted = Reacao retirada de #{ $number }
line-pinned = Mensagem #{ $number } fixada
line-unpinned = Mensagem #{ $number } desafixada
line-nick-set = Seu nome agora e { $nick }
line-lang-set = O servidor agora fala portugues
line-bye = Ate logo

line-entered = { $nick } entrou no canal
line-left = { $nick } saiu do canal
line-renamed = { $from } agora se chama { $to }
line-topic-set-by = { $nick } mudou o topico: { $topic }
line-topic-cleared-by = { $nick } retirou o topico
line-reply = (a { $nick }: "{ $quote }")
line-reply-unquoted = (a #{ $number })
line-message = #{ $number } de { $nick }: "{ $quote }"
line-message-unquoted = #{ $number }
line-edited-by = { $nick } corrigiu #{ $number } "{ $quote }": { $text }
line-edited-by-unquoted = { $nick } corrigiu #{ $number }: { $text }
line-deleted-by = { $nick } apagou a mensagem #{ $number }
line-erased = { $nick } disse algo que foi apagado
line-reacted-by = { $nick } reagiu com { $emoji } a { $message }
line-unreacted-by = { $nick } retirou { $emoji } de { $message }
line-pinned-by = { $nick } fixou { $message }
line-unpinned-by = { $nick } desafixou { $message }
line-mark-deleted = apagada
line-mark-edited = editada
line-mark-pinned = fixada
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
line-bad-emoji = Isso nao e um emoji; tambem valem +1 -1 <3 :) :( :D
line-no-message = A mensagem #{ $number } nao existe
line-not-yours = A mensagem #{ $number } nao e sua
line-already-deleted = A mensagem #{ $number } foi apagada
line-too-many-edits = A mensagem ja foi corrigida { $max } vezes, o maximo
line-too-many-pins = O canal ja tem { $max } mensagens fixadas, o maximo
line-too-long = Linha muito longa: o limite e de { $max } bytes
line-not-utf8 = Texto invalido: use UTF-8
line-too-fast = Muitas mensagens: espere { $seconds } s
line-server-full = Servidor cheio ({ $connected }/{ $max })
line-address-full = Muitas conexoes deste endereco ({ $connected }/{ $max })
line-no-space = Disco cheio: nada pode ser gravado agora, tente mais tarde
line-log-away = O historico esta indisponivel agora, tente mais tarde
line-flooded = Muitas mensagens: conexao encerrada
line-protocol-not-yet = { $protocol } ainda nao e atendido nesta porta; entre com telnet ou papo connect
