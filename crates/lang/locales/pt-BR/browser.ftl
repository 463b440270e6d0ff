# What the browser client says. Compiled into the page by web/build/fluent.ts.

## The page as a whole

tagline = Escolha uma sala e converse.
skip = Pular para a conversa
close = Fechar
cancel = Cancelar
keep = Salvar
back = Voltar
send = Enviar
more = Mais
loading = Carregando
copied = Copiado
try-again = Tentar de novo
nothing-found = Nada encontrado
not-connected = Sem conexão agora. Tente de novo daqui a pouco.
update-ready = Uma nova versão desta página está pronta.
update-take = Recarregar
log-label = Mensagens novas
spoken-message = { $nick } diz: { $text }
spoken-direct = { $nick } diz a você: { $text }
notice-title = { $nick } em { $room }

## The connection

line-offline = Você está sem rede. O que você escrever será enviado na volta.
line-lost = Reconectando…
line-connecting = Conectando…
line-waiting = { $n ->
        [one] 1 mensagem espera
       *[other] { $n } mensagens esperam
    }
line-now = Tentar agora

## The entrance

lobby-again = Para onde?
nick-label = Seu nome
nick-example = ana
nick-note = Não precisa de conta. Letras, números, - _ e .
nick-empty = Como os outros devem chamar você?
nick-long = Um nome tem no máximo 32 caracteres.
nick-characters = Um nome tem letras, números, - _ e . e nenhum espaço.
rooms = Salas
rooms-open = Salas abertas
rooms-mine = Suas salas
rooms-others = Outras salas
rooms-filter = Procurar sala
rooms-none = Ainda não há salas abertas
rooms-none-found = Nenhuma sala tem esse nome
rooms-none-note = Crie uma e compartilhe o endereço.
rooms-more = e mais { $n }
room-new = Nova sala
room-make = Criar a sala
room-name = Nome
room-example = praca
room-capacity = Quantas pessoas cabem
room-unlisted = Não mostrar na lista
room-empty = Como a sala deve se chamar?
room-long = O nome de uma sala tem no máximo 32 caracteres.
room-characters = O nome de uma sala tem letras, números, - _ e . e nenhum espaço.
room-enter = Entrar
room-open = Abrir
room-full = lotada
room-present = { $n ->
        [0] ninguém aqui
        [one] 1 pessoa
       *[other] { $n } pessoas
    }
room-places = { $n ->
        [one] 1 lugar livre
       *[other] { $n } lugares livres
    }
doors = As mesmas salas abrem por telnet, nc e papo connect.
doors-link = Como entrar pelo terminal
door-lead = Diga como você se chama e entre.
door-named = Entre, e todos verão seu nome.
door-invited = Você foi convidado
enter-again = Entrar de novo
links = Links de convite
links-lead = Quem tem um link destes entra nesta sala sem conta, mesmo que ela seja privada.
links-account = Só contas criam links
links-made = Links desta sala
links-none = Nenhum ainda.
link-for = Vale por
link-endless = até ser cancelado
link-uses = Usos
link-capacity = Ao mesmo tempo
link-any = sem limite
link-member = Ficam quando a sala fecha a convidados
link-make = Criar link
link-once = Copie agora: ele só aparece esta vez.
link-address = Endereço do link
link-qr = Código QR do link para { $room }
link-copy = Copiar o link
link-share = Enviar
link-another = Outro link
link-number = Link { $n }
link-until = até { $when }
link-left = { $n ->
        [one] resta 1 uso
       *[other] restam { $n } usos
    }
link-places = { $n } por vez
link-revoke = Cancelar
link-revoked = cancelado

## A room

room-menu = Menu da sala
room-leave = Sair da sala
share-room = Copiar o endereço da sala
topic = Assunto
topic-set = Mudar o assunto
topic-none = Ainda sem assunto
timeline = Mensagens em { $room }
start = Esta é { $room }
start-note = Aqui começou.
start-direct = Você e { $nick }
start-empty = Ninguém disse nada ainda. Diga oi!
history-failed = Não deu para carregar o que foi dito.
unread = não lidas
unread-line = Novas
newest = Ir para a mais nova
newest-unread = { $n ->
        [one] 1 mensagem nova
       *[other] { $n } mensagens novas
    }
typing = { $n ->
        [one] está escrevendo
       *[other] estão escrevendo
    }
did-topic = { $nick } mudou o assunto: { $topic }
did-topic-off = { $nick } tirou o assunto
did-create = { $nick } criou a sala
did-pin = { $nick } fixou: { $text }
did-unpin = { $nick } desafixou: { $text }
did-kicked = { $nick } tirou { $whom } da sala. { $reason }
did-banned = { $nick } baniu { $whom }. { $reason }
did-unbanned = { $nick } deixa { $whom } entrar de novo
did-muted = { $nick } silenciou { $whom }. { $reason }
did-unmuted = { $nick } deixa { $whom } falar de novo
did-role = { $nick } tornou { $whom } { $role ->
        [owner] dono
        [moderator] moderador
        [member] membro
       *[other] convidado
    }
did-slow-mode = { $nick } pôs a sala em modo lento: { $seconds } s
did-filter = { $nick } mudou os filtros
did-raid = { $on ->
        [true] { $nick } fechou a sala a convidados
       *[other] { $nick } abriu a sala a convidados
    }
did-visibility = { $nick } tornou a sala { $visibility ->
        [public] pública
        [unlisted] não listada
       *[other] privada
    }
did-capacity = { $nick } deu { $capacity } lugares à sala
did-purged = { $nick } apagou o que { $whom } disse
did-retention = { $nick } mudou por quanto tempo as mensagens ficam
did-whisper = { $nick } passou um recado: { $text }
put-out-kicked = { $nick } tirou você da sala. { $reason }
put-out-banned = { $nick } baniu você da sala. { $reason }

## A message

message-by = { $nick }, { $time }
deleted = Esta mensagem foi apagada
edited = (editada)
pinned = fixada
reply = Responder
react = Reagir
react-with = Reagir com { $emoji }
reaction = { $emoji }: { $n }
edit = Editar
delete = Apagar
pin = Fixar
unpin = Desafixar
copy-text = Copiar o texto
copy-link = Copiar o endereço
copy-code = Copiar o código
earlier = Textos anteriores
earlier-of = O que { $nick } disse antes
post-sending = enviando…
post-waiting = esperando a rede
post-refused = não enviada
discard = Descartar
too-many-waiting = Já há mensagens demais esperando

## Writing

write-in = Escreva em { $room }
write-to = Escrever para { $nick }
replying = Respondendo a { $nick }
editing = Editando sua mensagem
draft = Rascunho
too-long = Isto é longo demais para uma mensagem.
choices = Sugestões
emoji = Emoji
emoji-search = Procurar emoji pelo nome em inglês
emoji-recent = Recentes
emoji-faces = Rostos
emoji-people = Mãos e pessoas
emoji-nature = Natureza
emoji-things = Coisas
emoji-signs = Sinais
command-unknown = Não há comando /{ $name }. Escreva // para começar uma mensagem com barra.
command-incomplete = /{ $name } precisa de mais: veja a ajuda
command-join = entrar em uma sala
command-create = criar uma sala
command-leave = sair desta sala
command-nick = mudar seu nome
command-topic = mudar ou tirar o assunto
command-msg = escrever para uma pessoa
command-search = procurar nesta sala
command-pins = mensagens fixadas
command-people = quem está aqui
command-kick = tirar alguém da sala
command-ban = banir alguém
command-unban = deixar entrar de novo
command-mute = silenciar alguém
command-unmute = deixar falar de novo
command-slow = segundos entre duas mensagens
command-purge = apagar o que alguém disse
command-role = dar um papel a uma conta
command-invite = convidar uma conta para a sala
command-capacity = quantos cabem na sala
command-order = o que vale aqui
command-audit = o que foi feito para manter a ordem
command-links = links de convite desta sala
command-help = teclas e comandos
arg-room = sala
arg-capacity = capacidade
arg-nick = nome
arg-text = texto
arg-words = palavras
arg-reason = motivo
arg-minutes = minutos
arg-seconds = segundos
arg-role = papel

## People

people = Pessoas
people-filter = Procurar alguém
people-more = e mais { $n }
you = você
mention = Mencionar
direct = Escrever
directs = Mensagens diretas
direct-with = Conversa com { $nick }
direct-kept = Só você e { $nick } veem isto. Fica guardado, em todos os seus aparelhos.
direct-guest = Só você e { $nick } veem isto, e nada é guardado. Duas contas têm uma sala só delas, com tudo o que foi dito.
direct-passing = { $nick } não tem conta: só vocês dois veem isto, e nada é guardado.
direct-here = aqui agora
direct-away = fora agora
is-guest = visitante
has-account = tem conta
kick = Tirar da sala
mute = Silenciar
ban = Banir
purge = Apagar o que disse
mute-nick = Silenciar { $nick }
ban-nick = Banir { $nick }
kick-who = Tirar { $nick } da sala?
mute-who = Silenciar { $nick }?
ban-who = Banir { $nick } da sala?
purge-who = Apagar o que { $nick } disse?
purge-note = Some para todos, e ninguém pode trazer de volta.
purge-since = Dito nos últimos
purge-all = tudo
done-kick = { $nick } saiu da sala
done-mute = { $nick } está em silêncio
done-ban = { $nick } foi banido
done-purge = O que { $nick } disse foi apagado
an-address = um endereço
reason = Motivo (os outros podem ler)
for-how-long = Por quanto tempo
time-10 = 10 minutos
time-60 = 1 hora
time-1440 = 1 dia
time-10080 = 1 semana
time-0 = para sempre

## Keeping order

order = Moderação
order-not = Isto é para moderadores
order-none = ninguém
take-back = Desfazer
slow-mode = Modo lento: segundos entre duas mensagens
visibility = Quem encontra a sala
visibility-public = Todos, na lista
visibility-unlisted = Quem sabe o nome
visibility-private = Só quem foi convidado
raid = Fechar a convidados por agora
bans = Banidos
mutes = Em silêncio
roles = Papéis
role-owner = dono
role-moderator = moderador
role-member = membro
role-guest = visitante
filters = O que não pode ser dito
filter-new = Expressão regular
retention-messages = Mensagens guardadas
retention-days = Dias guardados
retention-note = 0: quanto o servidor guardar.
retention-is = { $messages } mensagens, { $days } dias
audit = O que foi feito
audit-none = Nada foi feito ainda
audit-none-note = O que se faz para manter a ordem fica escrito aqui.
audit-older = Anteriores

## Searching

search = Procurar
search-in = Procurar em { $room }
search-note = Mensagens que têm todas as palavras.
search-found = { $n ->
        [0] Nada encontrado
        [one] 1 mensagem
       *[other] { $n } mensagens
    }
pins = Mensagens fixadas
pins-none = Nada está fixado
pins-none-note = Fixe o que os outros devem achar de novo.

## Settings

settings = Ajustes
theme = Cores
theme-system = Sistema
theme-light = Claro
theme-dark = Escuro
density = Densidade
density-roomy = Espaçosa
density-dense = Compacta
language = Idioma
attention = Quando chamam você
sound = Tocar um som
notices = Mostrar uma notificação
notices-forbidden = Este navegador não permite notificações aqui.
writing = Escrita
typing-tell = Mostrar aos outros que você está escrevendo
enter-sends = Enter envia

## The account

account = Sua conta
account-note = Uma conta guarda seu nome. Dá para conversar sem ela.
account-name = Conta
password = Senha
log-in = Entrar na conta
log-in-instead = Já tenho conta
log-out = Sair da conta
register = Criar uma conta
register-instead = Ainda não tenho conta
rename = Mudar seu nome
logged-in-as = Você entrou como { $nick }.
done-rename = Agora você é { $nick }
done-log-in = Você entrou na conta
done-log-out = Você saiu da conta
devices = Onde você está conectado
device-this = este aparelho
device-used = usado { $when }
device-nameless = sem nome
device-revoke = Desconectar
done-revoke = Desconectado lá
taken = O nome { $nick } está em uso, talvez em outra aba deste navegador.
taken-here = Continuar aqui
taken-other = Escolher outro nome
moved = Você continuou em outra aba.

## Help

help = Ajuda
help-keys = Teclas
help-commands = Comandos
help-writing = Escrita
help-bold = { "*" }*negrito**
help-italic = { "*" }itálico*
help-strike = ~~riscado~~
help-code = `código`, ou um bloco entre linhas de três
help-quote = uma citação
help-list = uma lista
help-mention = chama alguém
help-emoji = um emoji pelo nome
key-help = esta ajuda
key-search = procurar nesta sala
key-rooms = sala anterior, próxima sala
key-write = ir para onde se escreve
key-regions = dar a volta: salas, mensagens, escrita
key-escape = fechar, cancelar
key-send = enviar
key-break = uma linha nova
key-edit-last = com a caixa vazia: editar sua última mensagem
key-messages = em uma mensagem: andar por elas
key-reply = em uma mensagem: responder
key-react = em uma mensagem: reagir
key-edit = em uma mensagem sua: editar
key-pin = em uma mensagem: fixar
key-menu = em uma mensagem: tudo o que dá para fazer
key-delete = em uma mensagem sua: apagar
