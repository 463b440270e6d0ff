# What papo's own terminal client says.
connect-connected = connected to { $peer }; --HELP shows the commands, Ctrl-D leaves
connect-lost = connection lost; what you type now is sent later
connect-reentered = back in { $room }; here is what was said meanwhile
connect-reentered-without = back in { $room }; this server does not tell what was missed
connect-gave-up = could not get back into { $room }; use --JOIN
connect-not-sent = not sent: { $line }
connect-uncertain = sent, but never answered: { $line }
connect-queue-full = { $max } lines wait for an answer: wait before you type more
connect-prompt-entering = entering again
connect-prompt-dialing = connecting, attempt { $attempt }
connect-prompt-waiting = offline, attempt { $attempt } in { $seconds } s
connect-cannot = cannot connect to { $peer }: { $reason }
connect-refused = the server { $peer } refused the connection: { $reason }
connect-broken = the connection to { $peer } broke: { $reason }
connect-terminal = the terminal does not answer: { $reason }
connect-name = the room or the nick is no name: use 1 to 32 letters, digits, - _ .
