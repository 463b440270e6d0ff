# What the line protocol says: plain ASCII, as the seed's terminals had it.

line-greeting = Conexion establecida. Escriba --HELP para ver la ayuda.
line-created = Canal { $room } creado, usted esta en el ({ $present }/{ $capacity })
line-joined = Usted entro en el canal { $room } ({ $present }/{ $capacity })
line-out = Usted salio del canal { $room }
line-topic = Tema: { $topic }
line-topic-none = El canal no tiene tema
line-topic-set = Tema cambiado
line-whispered = Mensaje entregado a { $nick }
line-replied = Respuesta enviada: es el mensaje #{ $number }
line-edited = Mensaje #{ $number } corregido
line-deleted = Mensaje #{ $number } borrado
line-reacted = Reaccion puesta en #{ $number }
line-unreacted = Reaccion quitada de #{ $number }
line-pinned = Mensaje #{ $number } fijado
line-unpinned = Mensaje #{ $number } desfijado
line-nick-set = Su nombre ahora es { $nick }
line-lang-set = El servidor ahora habla espanol
line-bye = Hasta luego

line-entered = { $nick } entro en el canal
line-left = { $nick } salio del canal
line-renamed = { $from } ahora se llama { $to }
line-topic-set-by = { $nick } cambio el tema: { $topic }
line-topic-cleared-by = { $nick } quito el tema
line-reply = (a { $nick }: "{ $quote }")
line-reply-unquoted = (a #{ $number })
line-message = #{ $number } de { $nick }: "{ $quote }"
line-message-unquoted = #{ $number }
line-edited-by = { $nick } corrigio #{ $number } "{ $quote }": { $text }
line-edited-by-unquoted = { $nick } corrigio #{ $number }: { $text }
line-deleted-by = { $nick } borro el mensaje #{ $number }
line-erased = { $nick } dijo algo que fue borrado
line-reacted-by = { $nick } reacciono con { $emoji } a { $message }
line-unreacted-by = { $nick } quito { $emoji } de { $message }
line-pinned-by = { $nick } fijo { $message }
line-unpinned-by = { $nick } desfijo { $message }
line-mark-deleted = borrado
line-mark-edited = editado
line-mark-pinned = fijado
line-missed = { $count ->
    [one] { $count } mensaje ya no se conserva
   *[other] { $count } mensajes ya no se conservan
}
line-and-more = y { $count } mas
line-shutting-down = El servidor se esta cerrando
line-idle = Conexion cerrada por inactividad

line-needs-room = Es necesario entrar en una sala para usar el comando { $word }
line-usage = Uso: { $usage }
line-bad-capacity = Capacidad invalida: use un numero de 1 a { $max }
line-bad-name = Nombre invalido: use de 1 a { $max } letras, digitos, - _ .
line-not-in-room = Usted ya no esta en la sala
line-no-room = El canal { $room } no existe
line-room-exists = El canal { $room } ya existe
line-room-full = El canal { $room } esta lleno ({ $present }/{ $capacity })
line-nick-taken = El nombre { $nick } ya esta en uso
line-no-nick = El usuario { $nick } no esta conectado
line-not-reading = El usuario { $nick } no esta leyendo ahora: el mensaje no fue entregado
line-too-many-rooms = El servidor ya tiene { $max } canales, el maximo
line-bad-emoji = Eso no es un emoji; tambien valen +1 -1 <3 :) :( :D
line-no-message = El mensaje #{ $number } no existe
line-not-yours = El mensaje #{ $number } no es suyo
line-already-deleted = El mensaje #{ $number } fue borrado
line-too-many-edits = El mensaje ya fue corregido { $max } veces, el maximo
line-too-many-pins = El canal ya tiene { $max } mensajes fijados, el maximo
line-too-long = Linea muy larga: el limite es de { $max } bytes
line-not-utf8 = Texto invalido: use UTF-8
line-too-fast = Demasiados mensajes: espere { $seconds } s
line-server-full = Servidor lleno ({ $connected }/{ $max })
line-address-full = Demasiadas conexiones desde esta direccion ({ $connected }/{ $max })
line-no-space = Disco lleno: nada se puede guardar ahora, intente mas tarde
line-log-away = El historial no esta disponible ahora, intente mas tarde
line-flooded = Demasiados mensajes: conexion cerrada
line-protocol-not-yet = { $protocol } aun no se atiende en este puerto; entre con telnet o papo connect
