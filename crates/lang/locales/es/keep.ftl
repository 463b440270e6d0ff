# Lo que `papo backup`, `papo restore`, `papo export` y `papo import` dicen a quien opera.

keep-backed-up = Copia hecha en { $folder }: { $rooms } salas, { $accounts } cuentas, { $kib } KiB
keep-restored = { $folder } es ahora lo que dice { $backup }
keep-before = Lo que había antes está en { $folder }: bórrelo cuando ya no haga falta
keep-no-data = No hay nada que copiar en { $folder }
keep-target-exists = { $folder } ya existe: diga una carpeta que no exista
keep-no-backup = { $folder } no es una copia: { $reason }
keep-changed = { $file } no es lo que era cuando se hizo la copia
keep-damaged = { $file } está dañado: { $reason }
keep-not-empty = Hay datos en { $folder }: --force los aparta antes

keep-no-room = No hay sala { $room }
keep-bad-room = { $room } no es nombre de sala
keep-room-full = En la sala { $room } ya se dijo algo: elija otro nombre con --room
keep-too-many-rooms = Hay { $max } salas, el máximo que puede haber
keep-imported = Sala { $room } importada: { $events } eventos
keep-could-import = La sala { $room } se puede importar: { $events } eventos
keep-strangers = { $events } eventos son de cuentas que no existen aquí: sus autores son invitados, y sus papeles quedaron fuera
keep-no-created = el primer evento, y ningún otro, debe ser `created` con seq 1
keep-out-of-order = seq debe ser mayor que en la línea anterior
keep-future = la sesión es de un momento posterior a ahora
keep-empty = el archivo está vacío
keep-long-line = más de { $max } bytes
keep-not-utf8 = no es UTF-8

export-utc = Las horas son en UTC.
export-edited = editado
export-pinned = fijado
export-deleted = mensaje borrado
