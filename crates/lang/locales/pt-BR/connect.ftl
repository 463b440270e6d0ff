# What papo's own terminal client says.
connect-connected = conectado a { $peer }; --HELP mostra os comandos, Ctrl-D sai
connect-lost = conexao perdida; o que for escrito agora sera enviado depois
connect-reentered = de volta em { $room }; segue o que foi dito enquanto isso
connect-reentered-without = de volta em { $room }; este servidor nao diz o que foi perdido
connect-gave-up = nao foi possivel voltar a { $room }; use --JOIN
connect-not-sent = nao enviado: { $line }
connect-uncertain = enviado, mas sem resposta: { $line }
connect-queue-full = { $max } linhas esperam resposta: espere antes de escrever mais
connect-prompt-entering = entrando de novo
connect-prompt-dialing = conectando, tentativa { $attempt }
connect-prompt-waiting = sem conexao, tentativa { $attempt } em { $seconds } s
connect-cannot = nao foi possivel conectar a { $peer }: { $reason }
connect-refused = o servidor { $peer } recusou a conexao: { $reason }
connect-broken = a conexao com { $peer } se rompeu: { $reason }
connect-terminal = o terminal nao responde: { $reason }
connect-name = a sala ou o nome nao e um nome: use de 1 a 32 letras, digitos, - _ .
