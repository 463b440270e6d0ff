# What `papo admin` says to the operator.

admin-created = Account { $nick } created
admin-created-first = Account { $nick } created; it administers the server
admin-password-set = Password of { $nick } changed; it is logged out everywhere
admin-disabled = Account { $nick } disabled; it is logged out everywhere
admin-enabled = Account { $nick } enabled
admin-revoked = Token { $token } of { $nick } revoked
admin-no-accounts = There are no accounts
admin-no-tokens = { $nick } has no tokens

admin-column-number = Number
admin-column-created = Created
admin-column-used = Last used
admin-column-expires = Expires
admin-column-nick = Nick
admin-column-label = Label
admin-is-admin = administrator
admin-is-disabled = disabled
admin-never = never

admin-prompt = Password for { $nick }:
admin-prompt-again = Once more:

admin-bad-nick = { $nick } is no nick: use 1 to { $max } letters, digits, - _ .
admin-nick-taken = { $nick } already belongs to an account
admin-full = There are { $max } accounts, the most there may be
admin-no-account = There is no account { $nick }
admin-no-token = { $nick } has no token { $token }
admin-password-short = The password is too short: at least { $min } characters
admin-password-long = The password is too long: at most { $max } bytes
admin-password-bad = The password is not UTF-8, or has control characters
admin-passwords-differ = The two passwords are not the same
admin-password-none = No password was given
