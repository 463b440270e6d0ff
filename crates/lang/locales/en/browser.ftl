# What the browser client says. Compiled into the page by web/build/fluent.ts.

## The page as a whole

tagline = Pick a room and talk.
skip = Skip to the conversation
close = Close
cancel = Cancel
keep = Save
back = Back
send = Send
more = More
loading = Loading
copied = Copied
try-again = Try again
nothing-found = Nothing found
not-connected = There is no connection just now. Try again in a moment.
update-ready = A new version of this page is ready.
update-take = Reload
log-label = New messages
spoken-message = { $nick } says: { $text }
spoken-direct = { $nick } says to you: { $text }
notice-title = { $nick } in { $room }

## The connection

line-offline = You are offline. What you write is sent when you are back.
line-lost = Reconnecting…
line-connecting = Connecting…
line-waiting = { $n ->
        [one] 1 message waits
       *[other] { $n } messages wait
    }
line-now = Try now

## The entrance

lobby-again = Where to?
nick-label = Your name
nick-example = ana
nick-note = No account needed. Letters, digits, - _ and .
nick-empty = What should the others call you?
nick-long = A name has at most 32 characters.
nick-characters = A name has letters, digits, - _ and . and no spaces.
rooms = Rooms
rooms-open = Open rooms
rooms-mine = Your rooms
rooms-others = Other rooms
rooms-filter = Find a room
rooms-none = No room is open yet
rooms-none-found = No room is called that
rooms-none-note = Make one, and share its address.
rooms-more = and { $n } more
room-new = New room
room-make = Make the room
room-name = Name
room-example = square
room-capacity = How many people it holds
room-unlisted = Do not show it in the list
room-empty = What should the room be called?
room-long = A room's name has at most 32 characters.
room-characters = A room's name has letters, digits, - _ and . and no spaces.
room-enter = Enter
room-open = Open
room-full = full
room-present = { $n ->
        [0] nobody here
        [one] 1 person
       *[other] { $n } people
    }
room-places = { $n ->
        [one] 1 place left
       *[other] { $n } places left
    }
doors = The same rooms are open to telnet, nc and papo connect.
doors-link = How to enter from a terminal
door-lead = Say what you are called, and come in.
door-named = Come in, and everyone there sees your name.
door-invited = You are invited
enter-again = Enter again
links = Guest links
links-lead = Whoever has such a link enters this room without an account, also while it is private.
links-account = Links are made by accounts
links-made = Links of this room
links-none = None yet.
link-for = Good for
link-endless = until it is revoked
link-uses = Uses
link-capacity = In at the same time
link-any = any number
link-member = They stay when the room is closed to guests
link-make = Make a link
link-once = Copy it now: it is shown this once.
link-address = Address of the link
link-qr = QR code of the link into { $room }
link-copy = Copy the link
link-share = Send it
link-another = Another link
link-number = Link { $n }
link-until = until { $when }
link-left = { $n ->
        [one] 1 use left
       *[other] { $n } uses left
    }
link-places = { $n } at a time
link-revoke = Revoke
link-revoked = revoked

## A room

room-menu = Room menu
room-leave = Leave the room
share-room = Copy the room's address
topic = Topic
topic-set = Change the topic
topic-none = No topic yet
timeline = Messages in { $room }
start = This is { $room }
start-note = Here it began.
start-direct = You and { $nick }
start-empty = Nobody has said anything yet. Say hello!
history-failed = What was said could not be loaded.
unread = unread
unread-line = New
newest = Jump to the newest
newest-unread = { $n ->
        [one] 1 new message
       *[other] { $n } new messages
    }
typing = { $n ->
        [one] is writing
       *[other] are writing
    }
did-topic = { $nick } set the topic: { $topic }
did-topic-off = { $nick } took the topic away
did-create = { $nick } made the room
did-pin = { $nick } pinned: { $text }
did-unpin = { $nick } unpinned: { $text }
did-kicked = { $nick } put { $whom } out. { $reason }
did-banned = { $nick } keeps { $whom } out. { $reason }
did-unbanned = { $nick } lets { $whom } in again
did-muted = { $nick } silenced { $whom }. { $reason }
did-unmuted = { $nick } lets { $whom } speak again
did-role = { $nick } made { $whom } { $role ->
        [owner] an owner
        [moderator] a moderator
        [member] a member
       *[other] a guest
    }
did-slow-mode = { $nick } set slow mode: { $seconds } s
did-filter = { $nick } changed the filters
did-raid = { $on ->
        [true] { $nick } closed the room to guests
       *[other] { $nick } opened the room to guests
    }
did-visibility = { $nick } made the room { $visibility ->
        [public] public
        [unlisted] unlisted
       *[other] private
    }
did-capacity = { $nick } gave the room { $capacity } places
did-purged = { $nick } deleted what { $whom } said
did-retention = { $nick } changed how long messages are kept
did-whisper = { $nick } passed you a word: { $text }
put-out-kicked = { $nick } put you out of the room. { $reason }
put-out-banned = { $nick } keeps you out of the room. { $reason }

## A message

message-by = { $nick }, { $time }
deleted = This message was deleted
edited = (edited)
pinned = pinned
reply = Reply
react = React
react-with = React with { $emoji }
reaction = { $emoji }: { $n }
edit = Edit
delete = Delete
pin = Pin
unpin = Unpin
copy-text = Copy the text
copy-link = Copy the address
copy-code = Copy the code
earlier = Earlier texts
earlier-of = What { $nick } said before
post-sending = sending…
post-waiting = waiting for the network
post-refused = not sent
discard = Discard
too-many-waiting = Too many messages are waiting already

## Writing

write-in = Write in { $room }
write-to = Write to { $nick }
replying = Replying to { $nick }
editing = Editing your message
draft = Draft
too-long = This is too long for one message.
choices = Suggestions
emoji = Emoji
emoji-search = Find an emoji by its English name
emoji-recent = Recent
emoji-faces = Faces
emoji-people = Hands and people
emoji-nature = Nature
emoji-things = Things
emoji-signs = Signs
command-unknown = There is no command /{ $name }. Write // to begin a message with a slash.
command-incomplete = /{ $name } needs more: see the help
command-join = enter a room
command-create = make a room
command-leave = leave this room
command-nick = change your name
command-topic = set the topic, or take it away
command-msg = write to one person
command-search = search this room
command-pins = pinned messages
command-people = who is here
command-kick = put someone out
command-ban = keep someone out
command-unban = let someone in again
command-mute = silence someone
command-unmute = let someone speak again
command-slow = seconds between two messages
command-purge = delete what someone said
command-role = give an account a role
command-invite = let an account into a private room
command-capacity = how many the room holds
command-order = what is in force here
command-audit = what was done to keep order
command-links = guest links of this room
command-help = keys and commands
arg-room = room
arg-capacity = capacity
arg-nick = name
arg-text = text
arg-words = words
arg-reason = reason
arg-minutes = minutes
arg-seconds = seconds
arg-role = role

## People

people = People
people-filter = Find someone
people-more = and { $n } more
you = you
mention = Mention
direct = Write
directs = Direct messages
direct-with = Words with { $nick }
direct-kept = Only you and { $nick } see this. It is kept, on all your devices.
direct-guest = Only you and { $nick } see this, and nobody keeps it. Two accounts have a room of their own, with all that was said.
direct-passing = { $nick } has no account: only both of you see this, and nobody keeps it.
direct-here = here now
direct-away = not here now
is-guest = guest
has-account = has an account
kick = Put out
mute = Silence
ban = Keep out
purge = Delete all they said
mute-nick = Silence { $nick }
ban-nick = Keep { $nick } out
kick-who = Put { $nick } out of the room?
mute-who = Silence { $nick }?
ban-who = Keep { $nick } out of the room?
purge-who = Delete what { $nick } said?
purge-note = It will be gone for everyone, and nobody can bring it back.
purge-since = Said in the last
purge-all = all of it
done-kick = { $nick } was put out
done-mute = { $nick } is silent
done-ban = { $nick } is kept out
done-purge = What { $nick } said is gone
an-address = an address
reason = Why (the others can read it)
for-how-long = For how long
time-10 = 10 minutes
time-60 = 1 hour
time-1440 = 1 day
time-10080 = 1 week
time-0 = for good

## Keeping order

order = Keeping order
order-not = This is for moderators
order-none = nobody
take-back = Undo
slow-mode = Slow mode: seconds between two messages
visibility = Who finds the room
visibility-public = Everyone, in the list
visibility-unlisted = Who knows its name
visibility-private = Only who was invited
raid = Keep guests out for now
bans = Kept out
mutes = Silent
roles = Roles
role-owner = owner
role-moderator = moderator
role-member = member
role-guest = guest
filters = What may not be said
filter-new = Regular expression
retention-messages = Messages kept
retention-days = Days kept
retention-note = 0: as many as the server keeps.
retention-is = { $messages } messages, { $days } days
audit = What was done
audit-none = Nothing was done yet
audit-none-note = Whatever is done to keep order is written down here.
audit-older = Earlier ones

## Searching

search = Search
search-in = Search in { $room }
search-note = Messages that have every word.
search-found = { $n ->
        [0] Nothing found
        [one] 1 message
       *[other] { $n } messages
    }
pins = Pinned messages
pins-none = Nothing is pinned
pins-none-note = Pin what others should find again.

## Settings

settings = Settings
theme = Colours
theme-system = System
theme-light = Light
theme-dark = Dark
density = Density
density-roomy = Roomy
density-dense = Dense
language = Language
attention = When you are called
sound = Play a sound
notices = Show a notification
notices-forbidden = This browser does not allow notifications here.
writing = Writing
typing-tell = Show others that you are writing
enter-sends = Enter sends

## The account

account = Your account
account-note = An account keeps your name for you. You can talk without one.
account-name = Account
password = Password
log-in = Log in
log-in-instead = I have an account
log-out = Log out
register = Make an account
register-instead = I have no account yet
rename = Change your name
logged-in-as = You are logged in as { $nick }.
done-rename = You are { $nick } now
done-log-in = You are logged in
done-log-out = You are logged out
devices = Where you are logged in
device-this = this device
device-used = last used { $when }
device-nameless = without a name
device-revoke = Log out
done-revoke = Logged out there
taken = The name { $nick } is in use, perhaps by another tab of this browser.
taken-here = Go on here
taken-other = Choose another name
moved = You went on in another tab.

## Help

help = Help
help-keys = Keys
help-commands = Commands
help-writing = Writing
help-bold = { "*" }*bold**
help-italic = { "*" }italic*
help-strike = ~~crossed out~~
help-code = `code`, or a block between lines of three
help-quote = a quote
help-list = a list
help-mention = calls someone
help-emoji = an emoji by its name
key-help = this help
key-search = search this room
key-rooms = the room before, the next one
key-write = go to the writing box
key-regions = go round: rooms, messages, writing
key-escape = close, cancel
key-send = send
key-break = a new line
key-edit-last = in an empty box: edit your last message
key-messages = on a message: go through them
key-reply = on a message: reply
key-react = on a message: react
key-edit = on your message: edit
key-pin = on a message: pin
key-menu = on a message: all one can do with it
key-delete = on your message: delete
