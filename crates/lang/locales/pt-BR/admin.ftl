# What `papo admin` says to the operator. In a terminal: plain ASCII.

admin-created = Conta { $nick } criada
admin-created-first = Conta { $nick } criada; ela administra o servidor
admin-password-set = Senha de { $nick } trocada; as sessoes dela foram encerradas
admin-disabled = Conta { $nick } desativada; as sessoes dela foram encerradas
admin-enabled = Conta { $nick } reativada
admin-revoked = Token { $token } de { $nick } revogado
admin-no-accounts = Nao ha contas
admin-no-tokens = { $nick } nao tem tokens

admin-column-number = Numero
admin-column-created = Criado em
admin-column-used = Ultimo uso
admin-column-expires = Expira em
admin-column-nick = Nome
admin-column-label = Descricao
admin-is-admin = administra
admin-is-disabled = desativada
admin-never = nunca

admin-prompt = Senha de { $nick }:
admin-prompt-again = Mais uma vez:

admin-bad-nick = { $nick } nao serve de nome: use de 1 a { $max } letras, digitos, - _ .
admin-nick-taken = { $nick } ja pertence a uma conta
admin-full = Ja ha { $max } contas, o maximo permitido
admin-no-account = Nao existe a conta { $nick }
admin-no-token = { $nick } nao tem o token { $token }
admin-password-short = Senha curta demais: pelo menos { $min } caracteres
admin-password-long = Senha longa demais: no maximo { $max } bytes
admin-password-bad = A senha nao esta em UTF-8 ou tem caracteres de controle
admin-passwords-differ = As duas senhas nao sao iguais
admin-password-none = Nenhuma senha foi dada
