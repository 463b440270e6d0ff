# What the built-in pages say.

web-tagline = Chat rooms on a single port
web-lead = Whoever reaches this address may come in: open a terminal, pick a room and talk. What is said stays in the room for those who come later.
web-browser = Or talk right here in the browser
web-browser-missing = There is no chat in the browser here: this program was built where Node.js was not.
web-enter = Come in now
web-enter-how = Pick one command and paste it into a terminal. They all lead to the same rooms.
web-telnet = An old friend, on almost every machine.
web-nc = Comes with Linux and macOS.
web-connect = papo's own client: the line you are typing stays whole, and it comes back by itself when the network fails.
web-inside = Once inside
web-example-room = square
web-example-message = hi, everyone!
web-create = opens a room with ten places
web-join = enters a room that exists
web-say = what is no command goes to the room
web-channels = shows the open rooms
web-help = shows all commands
web-host-unknown = ADDRESS
web-port-unknown = PORT
web-missing = There is nothing here
web-missing-lead = This address leads to no page. Perhaps it was renamed; perhaps it never was.
web-missing-back = Back to the entrance
