# O que `papo backup`, `papo restore`, `papo export` e `papo import` dizem a quem opera.

keep-backed-up = Cópia feita em { $folder }: { $rooms } salas, { $accounts } contas, { $kib } KiB
keep-restored = { $folder } agora é o que { $backup } diz
keep-before = O que estava lá antes está em { $folder }: apague quando não fizer mais falta
keep-no-data = Não há nada para copiar em { $folder }
keep-target-exists = { $folder } já existe: diga uma pasta que não exista
keep-no-backup = { $folder } não é uma cópia: { $reason }
keep-changed = { $file } não é o que era quando a cópia foi feita
keep-damaged = { $file } está danificado: { $reason }
keep-not-empty = Há dados em { $folder }: --force os põe de lado antes
