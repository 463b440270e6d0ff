# What `papo backup`, `papo restore`, `papo export` and `papo import` say to the operator.

keep-backed-up = Backup made in { $folder }: { $rooms } rooms, { $accounts } accounts, { $kib } KiB
keep-restored = { $folder } is now what { $backup } says
keep-before = What was there before is in { $folder }: delete it when you do not miss it any more
keep-no-data = There is nothing to back up in { $folder }
keep-target-exists = { $folder } is there already: name a folder that is not
keep-no-backup = { $folder } is no backup: { $reason }
keep-changed = { $file } is not what it was when the backup was made
keep-damaged = { $file } is damaged: { $reason }
keep-not-empty = There is data in { $folder }: --force puts it aside first
