# What papo.v1 says to people, over WebSocket: the sentence beside each code.

json-shutting-down = El servidor se está cerrando
json-idle = Conexión cerrada por inactividad
json-flooded = Demasiadas peticiones: conexión cerrada

json-bad-json = Eso no es un objeto JSON
json-unknown-verb = No existe esa petición
json-missing-field = Falta el campo { $field }
json-unknown-field = El campo { $field } no se conoce aquí
json-field-twice = El campo { $field } aparece dos veces
json-bad-field = El campo { $field } no es válido
json-field-too-long = El campo { $field } es demasiado largo: el límite es { $max }
json-field-too-large = El campo { $field } es demasiado grande: el límite es { $max }

json-not-in-room = No estás en la sala
json-no-room = La sala { $room } no existe
json-room-exists = La sala { $room } ya existe
json-room-full = La sala { $room } está llena ({ $present }/{ $capacity })
json-no-link = Esa invitación no existe, o ya no vale
json-link-expired = La invitación venció
json-link-used-up = La invitación ya se usó cuantas veces se podía
json-link-full = Ya están en la sala cuantos pueden estar por esa invitación
json-bad-capacity = Capacidad no válida: usa un número de 1 a { $max }
json-too-many-rooms = El servidor ya tiene { $max } salas, el máximo
json-in-too-many-rooms = Ya estás en { $max } salas, el máximo
json-nick-needed = Elige un nombre
json-nick-taken = El nombre { $nick } ya está en uso
json-nick-owned = El nombre { $nick } es de una cuenta: entra en ella para usarlo
json-no-nick = { $nick } no está conectado
json-not-reading = { $nick } no está leyendo ahora: el mensaje no fue entregado
json-no-message = El mensaje { $number } no existe
json-not-yours = El mensaje { $number } no es tuyo
json-already-deleted = El mensaje { $number } fue borrado
json-too-many-edits = El mensaje ya fue corregido { $max } veces, el máximo
json-too-many-pins = La sala ya tiene { $max } mensajes fijados, el máximo
json-not-allowed = No puedes hacer eso en esta sala
json-banned = { $nick } te mantiene fuera de la sala { $room }
json-muted = { $nick } te ha silenciado en esta sala
json-no-guests = La sala está cerrada a invitados por ahora
json-slow-mode = Espera { $seconds } s: la sala está en modo lento
json-filtered = La sala no deja decir eso
json-no-account = { $nick } no tiene cuenta
json-logged-in-as = Has entrado como { $nick }
json-nothing-to-undo = No hay nada de eso que deshacer
json-list-full = La sala ya tiene { $max } de eso, el máximo
json-bad-pattern = Ese patrón no sirve
json-bad-slow-mode = Esa espera es demasiado larga
json-no-direct = Una conversación es de cuenta a cuenta: para { $nick } solo hay `message`
json-name-reserved = El nombre { $room } está reservado

json-log-in-failed = Cuenta o contraseña incorrecta
json-no-token = Tu cuenta no tiene ese token
json-not-logged-in = No has entrado en ninguna cuenta
json-already-logged-in = Ya has entrado en una cuenta
json-account-taken = La cuenta { $nick } ya existe
json-bad-password = Esa contraseña no sirve: es demasiado corta, demasiado larga o tiene caracteres de control
json-registration-closed = Este servidor no abre cuentas ahora
json-not-encrypted = Las contraseñas y los tokens no pasan por esta conexión: no está cifrada. Entre por https o en la propia máquina del servidor; quien lo opera puede permitir otras redes (accounts.private)

json-too-fast = Demasiadas peticiones: espera { $seconds } s
json-busy = El servidor está ocupado, prueba otra vez
json-no-space = Disco lleno: nada se puede guardar ahora, prueba más tarde
json-log-away = El historial no está disponible ahora, prueba más tarde
