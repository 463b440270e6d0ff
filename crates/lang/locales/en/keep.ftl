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

keep-no-room = There is no room { $room }
keep-bad-room = { $room } is no name of a room
keep-room-full = In room { $room } something was said already: choose another name with --room
keep-too-many-rooms = There are { $max } rooms, the most there may be
keep-imported = Room { $room } imported: { $events } events
keep-could-import = Room { $room } can be imported: { $events } events
keep-strangers = { $events } events are of accounts that do not exist here: their authors are guests, and their roles were left out
keep-no-created = the first event, and no other, must be `created` with seq 1
keep-out-of-order = seq must be higher than in the line before
keep-future = the session is of a later time than now
keep-empty = the file is empty
keep-long-line = longer than { $max } bytes
keep-not-utf8 = not UTF-8

export-utc = Times are in UTC.
export-edited = edited
export-pinned = pinned
export-deleted = message deleted
