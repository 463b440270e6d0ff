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
