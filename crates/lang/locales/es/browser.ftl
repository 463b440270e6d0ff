# What the browser client says. Compiled into the page by web/build/fluent.ts.

## The page as a whole

tagline = Elige una sala y conversa.
skip = Ir a la conversación
close = Cerrar
cancel = Cancelar
keep = Guardar
back = Volver
send = Enviar
more = Más
loading = Cargando
copied = Copiado
try-again = Reintentar
nothing-found = Nada encontrado
not-connected = Ahora no hay conexión. Inténtalo de nuevo en un momento.
update-ready = Hay una versión nueva de esta página.
update-take = Recargar
log-label = Mensajes nuevos
spoken-message = { $nick } dice: { $text }
spoken-direct = { $nick } te dice: { $text }
notice-title = { $nick } en { $room }

## The connection

line-offline = No tienes red. Lo que escribas se enviará cuando vuelva.
line-lost = Reconectando…
line-connecting = Conectando…
line-waiting = { $n ->
        [one] 1 mensaje espera
       *[other] { $n } mensajes esperan
    }
line-now = Intentar ahora

## The entrance

lobby-again = ¿Adónde?
nick-label = Tu nombre
nick-example = ana
nick-note = Sin cuenta. Letras, números, - _ y .
nick-empty = ¿Cómo te llamarán los demás?
nick-long = Un nombre tiene como máximo 32 caracteres.
nick-characters = Un nombre lleva letras, números, - _ y . y ningún espacio.
rooms = Salas
rooms-open = Salas abiertas
rooms-mine = Tus salas
rooms-others = Otras salas
rooms-filter = Buscar una sala
rooms-none = Todavía no hay salas abiertas
rooms-none-found = Ninguna sala se llama así
rooms-none-note = Crea una y comparte su dirección.
rooms-more = y { $n } más
room-new = Nueva sala
room-make = Crear la sala
room-name = Nombre
room-example = plaza
room-capacity = Cuántas personas caben
room-unlisted = No mostrarla en la lista
room-empty = ¿Cómo se llamará la sala?
room-long = El nombre de una sala tiene como máximo 32 caracteres.
room-characters = El nombre de una sala lleva letras, números, - _ y . y ningún espacio.
room-enter = Entrar
room-open = Abrir
room-full = llena
room-present = { $n ->
        [0] nadie aquí
        [one] 1 persona
       *[other] { $n } personas
    }
room-places = { $n ->
        [one] 1 lugar libre
       *[other] { $n } lugares libres
    }
doors = Las mismas salas se abren por telnet, nc y papo connect.
doors-link = Cómo entrar desde un terminal
door-lead = Di cómo te llamas y entra.
door-named = Entra, y todos verán tu nombre.
door-invited = Te han invitado
enter-again = Entrar de nuevo
links = Enlaces de invitación
links-lead = Quien tiene un enlace así entra en esta sala sin cuenta, aunque sea privada.
links-account = Los enlaces los crean las cuentas
links-made = Enlaces de esta sala
links-none = Ninguno todavía.
link-for = Vale por
link-endless = hasta que se anule
link-uses = Usos
link-capacity = A la vez
link-any = sin límite
link-member = Se quedan cuando la sala se cierra a invitados
link-make = Crear enlace
link-once = Cópialo ahora: solo se muestra esta vez.
link-address = Dirección del enlace
link-qr = Código QR del enlace a { $room }
link-copy = Copiar el enlace
link-share = Enviar
link-another = Otro enlace
link-number = Enlace { $n }
link-until = hasta { $when }
link-left = { $n ->
        [one] queda 1 uso
       *[other] quedan { $n } usos
    }
link-places = { $n } a la vez
link-revoke = Anular
link-revoked = anulado

## A room

room-menu = Menú de la sala
room-leave = Salir de la sala
share-room = Copiar la dirección de la sala
topic = Tema
topic-set = Cambiar el tema
topic-none = Sin tema todavía
timeline = Mensajes en { $room }
start = Esta es { $room }
start-note = Aquí empezó.
start-direct = Tú y { $nick }
start-empty = Nadie ha dicho nada todavía. ¡Saluda!
history-failed = No se pudo cargar lo que se dijo.
unread = sin leer
unread-line = Nuevos
newest = Ir al más nuevo
newest-unread = { $n ->
        [one] 1 mensaje nuevo
       *[other] { $n } mensajes nuevos
    }
typing = { $n ->
        [one] está escribiendo
       *[other] están escribiendo
    }
did-topic = { $nick } cambió el tema: { $topic }
did-topic-off = { $nick } quitó el tema
did-create = { $nick } creó la sala
did-pin = { $nick } fijó: { $text }
did-unpin = { $nick } desfijó: { $text }
did-kicked = { $nick } sacó a { $whom }. { $reason }
did-banned = { $nick } vetó a { $whom }. { $reason }
did-unbanned = { $nick } deja entrar de nuevo a { $whom }
did-muted = { $nick } silenció a { $whom }. { $reason }
did-unmuted = { $nick } deja hablar de nuevo a { $whom }
did-role = { $nick } hizo a { $whom } { $role ->
        [owner] dueño
        [moderator] moderador
        [member] miembro
       *[other] invitado
    }
did-slow-mode = { $nick } puso el modo lento: { $seconds } s
did-filter = { $nick } cambió los filtros
did-raid = { $on ->
        [true] { $nick } cerró la sala a invitados
       *[other] { $nick } abrió la sala a invitados
    }
did-visibility = { $nick } hizo la sala { $visibility ->
        [public] pública
        [unlisted] no listada
       *[other] privada
    }
did-capacity = { $nick } dio { $capacity } lugares a la sala
did-purged = { $nick } borró lo que dijo { $whom }
did-retention = { $nick } cambió cuánto tiempo se guardan los mensajes
did-whisper = { $nick } te pasó un recado: { $text }
put-out-kicked = { $nick } te sacó de la sala. { $reason }
put-out-banned = { $nick } te vetó en la sala. { $reason }

## A message

message-by = { $nick }, { $time }
deleted = Este mensaje fue borrado
edited = (editado)
pinned = fijado
reply = Responder
react = Reaccionar
react-with = Reaccionar con { $emoji }
reaction = { $emoji }: { $n }
edit = Editar
delete = Borrar
pin = Fijar
unpin = Desfijar
copy-text = Copiar el texto
copy-link = Copiar la dirección
copy-code = Copiar el código
earlier = Textos anteriores
earlier-of = Lo que { $nick } dijo antes
post-sending = enviando…
post-waiting = esperando la red
post-refused = no enviado
discard = Descartar
too-many-waiting = Ya hay demasiados mensajes esperando

## Writing

write-in = Escribe en { $room }
write-to = Escribir a { $nick }
replying = Respondiendo a { $nick }
editing = Editando tu mensaje
draft = Borrador
too-long = Es demasiado largo para un mensaje.
choices = Sugerencias
emoji = Emoji
emoji-search = Buscar un emoji por su nombre en inglés
emoji-recent = Recientes
emoji-faces = Caras
emoji-people = Manos y personas
emoji-nature = Naturaleza
emoji-things = Cosas
emoji-signs = Signos
command-unknown = No hay orden /{ $name }. Escribe // para empezar un mensaje con barra.
command-incomplete = /{ $name } necesita más: mira la ayuda
command-join = entrar en una sala
command-create = crear una sala
command-leave = salir de esta sala
command-nick = cambiar tu nombre
command-topic = cambiar o quitar el tema
command-msg = escribir a una persona
command-search = buscar en esta sala
command-pins = mensajes fijados
command-people = quién está aquí
command-kick = sacar a alguien
command-ban = vetar a alguien
command-unban = dejar entrar de nuevo
command-mute = silenciar a alguien
command-unmute = dejar hablar de nuevo
command-slow = segundos entre dos mensajes
command-purge = borrar lo que dijo alguien
command-role = dar un papel a una cuenta
command-invite = invitar una cuenta a la sala
command-capacity = cuántos caben en la sala
command-order = lo que rige aquí
command-audit = lo que se hizo para mantener el orden
command-links = enlaces de invitación de esta sala
command-help = teclas y órdenes
arg-room = sala
arg-capacity = capacidad
arg-nick = nombre
arg-text = texto
arg-words = palabras
arg-reason = motivo
arg-minutes = minutos
arg-seconds = segundos
arg-role = papel

## People

people = Personas
people-filter = Buscar a alguien
people-more = y { $n } más
you = tú
mention = Mencionar
direct = Escribir
directs = Mensajes directos
direct-with = Conversación con { $nick }
direct-kept = Solo tú y { $nick } ven esto. Se guarda, en todos tus dispositivos.
direct-guest = Solo tú y { $nick } ven esto, y nadie lo guarda. Dos cuentas tienen una sala propia, con todo lo dicho.
direct-passing = { $nick } no tiene cuenta: solo ustedes dos ven esto, y nadie lo guarda.
direct-here = aquí ahora
direct-away = ahora no está
is-guest = visitante
has-account = tiene cuenta
kick = Sacar
mute = Silenciar
ban = Vetar
purge = Borrar lo que dijo
mute-nick = Silenciar a { $nick }
ban-nick = Vetar a { $nick }
kick-who = ¿Sacar a { $nick } de la sala?
mute-who = ¿Silenciar a { $nick }?
ban-who = ¿Vetar a { $nick } en la sala?
purge-who = ¿Borrar lo que dijo { $nick }?
purge-note = Desaparece para todos, y nadie puede recuperarlo.
purge-since = Dicho en el último
purge-all = todo
done-kick = { $nick } salió de la sala
done-mute = { $nick } está en silencio
done-ban = { $nick } está vetado
done-purge = Lo que dijo { $nick } se borró
an-address = una dirección
reason = Motivo (los demás lo pueden leer)
for-how-long = Por cuánto tiempo
time-10 = 10 minutos
time-60 = 1 hora
time-1440 = 1 día
time-10080 = 1 semana
time-0 = para siempre

## Keeping order

order = Moderación
order-not = Esto es para moderadores
order-none = nadie
take-back = Deshacer
slow-mode = Modo lento: segundos entre dos mensajes
visibility = Quién encuentra la sala
visibility-public = Todos, en la lista
visibility-unlisted = Quien sabe su nombre
visibility-private = Solo invitados
raid = Cerrar a invitados por ahora
bans = Vetados
mutes = En silencio
roles = Papeles
role-owner = dueño
role-moderator = moderador
role-member = miembro
role-guest = visitante
filters = Lo que no se puede decir
filter-new = Expresión regular
retention-messages = Mensajes guardados
retention-days = Días guardados
retention-note = 0: cuanto guarde el servidor.
retention-is = { $messages } mensajes, { $days } días
audit = Lo que se hizo
audit-none = Aún no se hizo nada
audit-none-note = Lo que se hace para mantener el orden queda escrito aquí.
audit-older = Anteriores

## Searching

search = Buscar
search-in = Buscar en { $room }
search-note = Mensajes que tienen todas las palabras.
search-found = { $n ->
        [0] Nada encontrado
        [one] 1 mensaje
       *[other] { $n } mensajes
    }
pins = Mensajes fijados
pins-none = No hay nada fijado
pins-none-note = Fija lo que otros deben volver a encontrar.

## Settings

settings = Ajustes
theme = Colores
theme-system = Sistema
theme-light = Claro
theme-dark = Oscuro
density = Densidad
density-roomy = Amplia
density-dense = Compacta
language = Idioma
attention = Cuando te llaman
sound = Tocar un sonido
notices = Mostrar una notificación
notices-forbidden = Este navegador no permite notificaciones aquí.
writing = Escritura
typing-tell = Mostrar a los demás que estás escribiendo
enter-sends = Enter envía

## The account

account = Tu cuenta
account-note = Una cuenta guarda tu nombre. Puedes conversar sin ella.
account-name = Cuenta
password = Contraseña
log-in = Iniciar sesión
log-in-instead = Ya tengo cuenta
log-out = Cerrar sesión
register = Crear una cuenta
register-instead = Todavía no tengo cuenta
rename = Cambiar tu nombre
logged-in-as = Has entrado como { $nick }.
done-rename = Ahora eres { $nick }
done-log-in = Has iniciado sesión
done-log-out = Has cerrado sesión
devices = Dónde has iniciado sesión
device-this = este dispositivo
device-used = usado { $when }
device-nameless = sin nombre
device-revoke = Cerrar sesión
done-revoke = Sesión cerrada allí
taken = El nombre { $nick } está en uso, quizás en otra pestaña de este navegador.
taken-here = Seguir aquí
taken-other = Elegir otro nombre
moved = Seguiste en otra pestaña.

## Help

help = Ayuda
help-keys = Teclas
help-commands = Órdenes
help-writing = Escritura
help-bold = { "*" }*negrita**
help-italic = { "*" }cursiva*
help-strike = ~~tachado~~
help-code = `código`, o un bloque entre líneas de tres
help-quote = una cita
help-list = una lista
help-mention = llama a alguien
help-emoji = un emoji por su nombre
key-help = esta ayuda
key-search = buscar en esta sala
key-rooms = sala anterior, sala siguiente
key-write = ir a donde se escribe
key-regions = recorrer: salas, mensajes, escritura
key-escape = cerrar, cancelar
key-send = enviar
key-break = una línea nueva
key-edit-last = con la caja vacía: editar tu último mensaje
key-messages = en un mensaje: recorrerlos
key-reply = en un mensaje: responder
key-react = en un mensaje: reaccionar
key-edit = en un mensaje tuyo: editar
key-pin = en un mensaje: fijar
key-menu = en un mensaje: todo lo que se puede hacer
key-delete = en un mensaje tuyo: borrar
