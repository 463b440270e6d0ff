# What the HTTP API says to people.

api-no-route = There is nothing at this address
api-bad-method = This address does not take that method
api-bad-type = The body must be JSON: application/json
api-body-too-large = The body is longer than { $max } bytes
api-body-too-slow = The body did not come in time
api-no-link = There is no such link
api-no-hook = There is no such webhook
api-not-own-page = Only pages of this server may do this
