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

keep-no-room = Não há sala { $room }
keep-bad-room = { $room } não é nome de sala
keep-room-full = Na sala { $room } já se disse algo: escolha outro nome com --room
keep-too-many-rooms = Há { $max } salas, o máximo que pode haver
keep-imported = Sala { $room } importada: { $events } eventos
keep-could-import = A sala { $room } pode ser importada: { $events } eventos
keep-strangers = { $events } eventos são de contas que não existem aqui: quem os fez entra como convidado, e os papéis ficaram de fora
keep-no-created = o primeiro evento, e nenhum outro, deve ser `created` com seq 1
keep-out-of-order = seq deve ser maior que na linha anterior
keep-future = a sessão é de um momento depois de agora
keep-empty = o arquivo está vazio
keep-long-line = mais de { $max } bytes
keep-not-utf8 = não é UTF-8

export-utc = As horas são em UTC.
export-edited = editada
export-pinned = fixada
export-deleted = mensagem apagada
