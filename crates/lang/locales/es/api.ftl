# What the HTTP API says to people.

api-no-route = No hay nada en esta dirección
api-bad-method = Esta dirección no acepta ese método
api-bad-type = El cuerpo tiene que ser JSON: application/json
api-body-too-large = El cuerpo tiene más de { $max } bytes
api-body-too-slow = El cuerpo no llegó a tiempo
api-no-link = No hay tal enlace
api-no-hook = No hay tal webhook
api-not-own-page = Solo las páginas de este servidor pueden hacer esto
