# What `papo admin` says to the operator.

admin-created = Cuenta { $nick } creada
admin-created-first = Cuenta { $nick } creada; administra el servidor
admin-password-set = Contraseña de { $nick } cambiada; sus sesiones se cerraron
admin-disabled = Cuenta { $nick } desactivada; sus sesiones se cerraron
admin-enabled = Cuenta { $nick } reactivada
admin-revoked = Token { $token } de { $nick } revocado
admin-no-accounts = No hay cuentas
admin-no-tokens = { $nick } no tiene tokens

admin-column-number = Número
admin-column-created = Creado
admin-column-used = Último uso
admin-column-expires = Caduca
admin-column-nick = Nombre
admin-column-label = Descripción
admin-is-admin = administra
admin-is-disabled = desactivada
admin-never = nunca

admin-prompt = Contraseña de { $nick }:
admin-prompt-again = Otra vez:

admin-bad-nick = { $nick } no sirve de nombre: usa de 1 a { $max } letras, dígitos, - _ .
admin-nick-taken = { $nick } ya pertenece a una cuenta
admin-full = Ya hay { $max } cuentas, el máximo permitido
admin-no-account = No existe la cuenta { $nick }
admin-no-token = { $nick } no tiene el token { $token }
admin-password-short = Contraseña demasiado corta: al menos { $min } caracteres
admin-password-long = Contraseña demasiado larga: como máximo { $max } bytes
admin-password-bad = La contraseña no está en UTF-8 o tiene caracteres de control
admin-passwords-differ = Las dos contraseñas no son iguales
admin-password-none = No se dio ninguna contraseña
