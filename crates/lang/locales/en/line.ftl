# What the line protocol says: plain ASCII, as the seed's terminals had it.

line-greeting = Connected. Type --HELP for help.
line-created = Channel { $room } created, you are in it ({ $present }/{ $capacity })
line-joined = You entered channel { $room } ({ $present }/{ $capacity })
line-out = You left channel { $room }
line-topic = Topic: { $topic }
line-topic-none = The channel has no topic
line-topic-set = Topic changed
line-whispered = Message delivered to { $nick }
line-nick-set = Your name is now { $nick }
line-lang-set = The server now speaks English
line-bye = Goodbye

line-entered = { $nick } entered the channel
line-left = { $nick } left the channel
line-renamed = { $from } is now called { $to }
line-topic-set-by = { $nick } changed the topic: { $topic }
line-topic-cleared-by = { $nick } removed the topic
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
line-too-long = Line too long: the limit is { $max } bytes
line-not-utf8 = Invalid text: use UTF-8
line-too-fast = Too many messages: wait { $seconds } s
line-server-full = Server full ({ $connected }/{ $max })
line-address-full = Too many connections from this address ({ $connected }/{ $max })
line-no-space = Disk full: nothing can be kept now, try again later
line-log-away = The history is not available now, try again later
line-flooded = Too many messages: connection closed
line-protocol-not-yet = { $protocol } is not served on this port yet; enter with telnet or papo connect
