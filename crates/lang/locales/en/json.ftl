# What papo.v1 says to people, over WebSocket: the sentence beside each code.

json-shutting-down = The server is shutting down
json-idle = Connection closed: idle for too long
json-flooded = Too many requests: connection closed

json-bad-json = That is not a JSON object
json-unknown-verb = There is no such request
json-missing-field = The field { $field } is missing
json-unknown-field = The field { $field } is not known here
json-field-twice = The field { $field } comes twice
json-bad-field = The field { $field } is not valid
json-field-too-long = The field { $field } is too long: the limit is { $max }
json-field-too-large = The field { $field } is too large: the limit is { $max }

json-not-in-room = You are not in the room
json-no-room = Room { $room } does not exist
json-room-exists = Room { $room } already exists
json-room-full = Room { $room } is full ({ $present }/{ $capacity })
json-no-link = There is no such link, or not any more
json-link-expired = The link has expired
json-link-used-up = The link has been used as often as it may be
json-link-full = As many as may be are in the room by that link
json-bad-capacity = Invalid capacity: use a number from 1 to { $max }
json-too-many-rooms = The server already has { $max } rooms, the most it takes
json-in-too-many-rooms = You are already in { $max } rooms, the most there may be
json-nick-needed = Choose a name
json-nick-taken = The name { $nick } is already in use
json-nick-owned = The name { $nick } belongs to an account: log in to use it
json-no-nick = { $nick } is not connected
json-not-reading = { $nick } is not reading now: the message was not delivered
json-no-message = Message { $number } does not exist
json-not-yours = Message { $number } is not yours
json-already-deleted = Message { $number } was deleted
json-too-many-edits = The message was already edited { $max } times, the most it takes
json-too-many-pins = The room already has { $max } pinned messages, the most it takes
json-not-allowed = You may not do that in this room
json-banned = { $nick } keeps you out of room { $room }
json-muted = { $nick } has silenced you in this room
json-no-guests = The room is closed to guests for now
json-slow-mode = Wait { $seconds } s: the room is in slow mode
json-filtered = The room does not let that be said
json-no-account = { $nick } has no account
json-logged-in-as = You are logged in as { $nick }
json-nothing-to-undo = There is nothing of that kind to undo
json-list-full = The room already has { $max } of that kind, the most it takes
json-bad-pattern = That is no pattern
json-bad-slow-mode = That is too long to wait
json-no-direct = A conversation is from account to account: for { $nick } there is only `message`
json-name-reserved = The name { $room } is reserved

json-log-in-failed = Wrong account or password
json-no-token = Your account has no such token
json-not-logged-in = You are not logged in
json-already-logged-in = You are logged in already
json-account-taken = The account { $nick } already exists
json-bad-password = That password will not do: it is too short, too long or has control characters
json-registration-closed = This server makes no accounts now
json-not-encrypted = Passwords and tokens do not go over this connection: it is not encrypted. Come by https or from the server's own machine; who runs the server can allow other networks (accounts.private)

json-too-fast = Too many requests: wait { $seconds } s
json-busy = The server is busy, try again
json-no-space = Disk full: nothing can be kept now, try again later
json-log-away = The history is not available now, try again later
