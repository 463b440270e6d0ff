# What the line protocol says: plain ASCII, as the seed's terminals had it.

line-greeting = Connected. Type --HELP for help.
line-created = Channel { $room } created, you are in it ({ $present }/{ $capacity })
line-joined = You entered channel { $room } ({ $present }/{ $capacity })
line-out = You left channel { $room }
line-topic = Topic: { $topic }
line-topic-none = The channel has no topic
line-topic-set = Topic changed
line-whispered = Message delivered to { $nick }
line-replied = Reply sent: it is message #{ $number }
line-edited = Message #{ $number } corrected
line-deleted = Message #{ $number } deleted
line-reacted = Reaction added to #{ $number }
line-unreacted = Reaction removed from #{ $number }
line-pinned = Message #{ $number } pinned
line-unpinned = Message #{ $number } unpinned
line-nick-set = Your name is now { $nick }
line-lang-set = The server now speaks English
line-bye = Goodbye

line-entered = { $nick } entered the channel
line-left = { $nick } left the channel
line-renamed = { $from } is now called { $to }
line-topic-set-by = { $nick } changed the topic: { $topic }
line-topic-cleared-by = { $nick } removed the topic
line-reply = (to { $nick }: "{ $quote }")
line-reply-unquoted = (to #{ $number })
line-message = #{ $number } of { $nick }: "{ $quote }"
line-message-unquoted = #{ $number }
line-edited-by = { $nick } corrected #{ $number } "{ $quote }": { $text }
line-edited-by-unquoted = { $nick } corrected #{ $number }: { $text }
line-deleted-by = { $nick } deleted message #{ $number }
line-erased = { $nick } said something that was deleted
line-reacted-by = { $nick } reacted with { $emoji } to { $message }
line-unreacted-by = { $nick } removed { $emoji } from { $message }
line-pinned-by = { $nick } pinned { $message }
line-unpinned-by = { $nick } unpinned { $message }
line-mark-deleted = deleted
line-mark-edited = edited
line-mark-pinned = pinned
line-missed = { $count ->
    [one] { $count } message is no longer kept
   *[other] { $count } messages are no longer kept
}
line-and-more = and { $count } more
line-shutting-down = The server is shutting down
line-idle = Connection closed: idle for too long

line-needs-room = You must enter a room to use the command { $word }
line-usage = Usage: { $usage }
line-bad-capacity = Invalid capacity: use a number from 1 to { $max }
line-bad-name = Invalid name: use 1 to { $max } letters, digits, - _ .
line-not-in-room = You are no longer in the room
line-no-room = Channel { $room } does not exist
line-room-exists = Channel { $room } already exists
line-room-full = Channel { $room } is full ({ $present }/{ $capacity })
line-nick-taken = The name { $nick } is already in use
line-no-nick = User { $nick } is not connected
line-not-reading = User { $nick } is not reading now: the message was not delivered
line-too-many-rooms = The server already has { $max } channels, the most it takes
line-bad-emoji = That is no emoji; +1 -1 <3 :) :( :D will do too
line-no-message = Message #{ $number } does not exist
line-not-yours = Message #{ $number } is not yours
line-already-deleted = Message #{ $number } was deleted
line-too-many-edits = The message was already corrected { $max } times, the most it takes
line-too-many-pins = The channel already has { $max } pinned messages, the most it takes
line-too-long = Line too long: the limit is { $max } bytes
line-not-utf8 = Invalid text: use UTF-8
line-too-fast = Too many messages: wait { $seconds } s
line-server-full = Server full ({ $connected }/{ $max })
line-address-full = Too many connections from this address ({ $connected }/{ $max })
line-no-space = Disk full: nothing can be kept now, try again later
line-log-away = The history is not available now, try again later
line-flooded = Too many messages: connection closed
line-protocol-not-yet = { $protocol } is not served on this port yet; enter with telnet or papo connect
