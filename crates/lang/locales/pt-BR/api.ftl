# What the HTTP API says to people.

api-no-route = Não há nada neste endereço
api-bad-method = Este endereço não aceita esse método
api-bad-type = O corpo tem de ser JSON: application/json
api-body-too-large = O corpo tem mais de { $max } bytes
api-body-too-slow = O corpo não chegou a tempo
api-no-link = Não há esse link
api-no-hook = Não há esse webhook
api-not-own-page = Só páginas deste servidor podem fazer isso
