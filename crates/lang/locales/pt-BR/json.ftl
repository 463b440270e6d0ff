# What papo.v1 says to people, over WebSocket: the sentence beside each code.

json-shutting-down = O servidor está encerrando
json-idle = Conexão encerrada por inatividade
json-flooded = Pedidos demais: conexão encerrada

json-bad-json = Isso não é um objeto JSON
json-unknown-verb = Não existe esse pedido
json-missing-field = Falta o campo { $field }
json-unknown-field = O campo { $field } não é conhecido aqui
json-field-twice = O campo { $field } aparece duas vezes
json-bad-field = O campo { $field } não é válido
json-field-too-long = O campo { $field } é longo demais: o limite é { $max }
json-field-too-large = O campo { $field } é grande demais: o limite é { $max }

json-not-in-room = Você não está na sala
json-no-room = A sala { $room } não existe
json-room-exists = A sala { $room } já existe
json-room-full = A sala { $room } está cheia ({ $present }/{ $capacity })
json-no-link = Esse convite não existe, ou não vale mais
json-link-expired = O convite venceu
json-link-used-up = O convite já foi usado quantas vezes podia
json-link-full = Já estão na sala quantos podem estar por esse convite
json-bad-capacity = Capacidade inválida: use um número de 1 a { $max }
json-too-many-rooms = O servidor já tem { $max } salas, o máximo
json-in-too-many-rooms = Você já está em { $max } salas, o máximo
json-nick-needed = Escolha um nome
json-nick-taken = O nome { $nick } já está em uso
json-nick-owned = O nome { $nick } é de uma conta: entre nela para usá-lo
json-no-nick = { $nick } não está conectado
json-not-reading = { $nick } não está lendo agora: a mensagem não foi entregue
json-no-message = A mensagem { $number } não existe
json-not-yours = A mensagem { $number } não é sua
json-already-deleted = A mensagem { $number } foi apagada
json-too-many-edits = A mensagem já foi corrigida { $max } vezes, o máximo
json-too-many-pins = A sala já tem { $max } mensagens fixadas, o máximo
json-not-allowed = Você não pode fazer isso nesta sala
json-banned = { $nick } tirou você da sala { $room }
json-muted = { $nick } silenciou você nesta sala
json-no-guests = A sala está fechada a visitantes por enquanto
json-slow-mode = Espere { $seconds } s: a sala está em modo lento
json-filtered = A sala não deixa dizer isso
json-no-account = { $nick } não tem conta
json-logged-in-as = Você entrou como { $nick }
json-nothing-to-undo = Não há nada disso a desfazer
json-list-full = A sala já tem { $max } disso, o máximo
json-bad-pattern = Esse padrão não serve
json-bad-slow-mode = Essa espera é longa demais
json-no-direct = Uma conversa é de conta a conta: para { $nick }, só `message`
json-name-reserved = O nome { $room } é reservado

json-log-in-failed = Conta ou senha incorreta
json-no-token = A sua conta não tem esse token
json-not-logged-in = Você não entrou em nenhuma conta
json-already-logged-in = Você já entrou em uma conta
json-account-taken = A conta { $nick } já existe
json-bad-password = Essa senha não serve: é curta demais, longa demais ou tem caracteres de controle
json-registration-closed = Este servidor não abre contas agora
json-not-encrypted = Senhas e tokens não passam por esta conexão: ela não é cifrada. Entre por https ou na própria máquina do servidor; quem o opera pode permitir outras redes (accounts.private)

json-too-fast = Pedidos demais: espere { $seconds } s
json-busy = O servidor está ocupado, tente de novo
json-no-space = Disco cheio: nada pode ser gravado agora, tente mais tarde
json-log-away = O histórico está indisponível agora, tente mais tarde
