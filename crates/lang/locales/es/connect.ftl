# What papo's own terminal client says.
connect-connected = conectado a { $peer }; --HELP muestra los comandos, Ctrl-D sale
connect-lost = conexión perdida; lo que escribas ahora se enviará después
connect-reentered = de vuelta en { $room }; sigue lo que se dijo entretanto
connect-reentered-without = de vuelta en { $room }; este servidor no dice lo que se perdió
connect-gave-up = no se pudo volver a { $room }; usa --JOIN
connect-not-sent = no enviado: { $line }
connect-uncertain = enviado, pero sin respuesta: { $line }
connect-queue-full = { $max } líneas esperan respuesta: espera antes de escribir más
connect-prompt-entering = entrando de nuevo
connect-prompt-dialing = conectando, intento { $attempt }
connect-prompt-waiting = sin conexión, intento { $attempt } en { $seconds } s
connect-cannot = no se pudo conectar a { $peer }: { $reason }
connect-refused = el servidor { $peer } rechazó la conexión: { $reason }
connect-broken = la conexión con { $peer } se rompió: { $reason }
connect-terminal = el terminal no responde: { $reason }
connect-name = la sala o el nombre no es un nombre: usa de 1 a 32 letras, dígitos, - _ .
