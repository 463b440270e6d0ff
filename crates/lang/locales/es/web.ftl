# What the built-in pages say.

web-tagline = Salas de conversación en un solo puerto
web-lead = Quien llega a esta dirección puede entrar: abre una terminal, elige una sala y habla. Lo que se dice queda guardado en la sala para quien llega después.
web-browser = O conversa aquí mismo, en el navegador
web-browser-missing = Aquí no se conversa en el navegador: este programa se compiló donde no había Node.js.
web-enter = Entra ahora
web-enter-how = Elige una orden y pégala en la terminal. Todas llevan a las mismas salas.
web-telnet = Un viejo conocido, en casi todas las máquinas.
web-nc = Viene con Linux y macOS.
web-connect = El cliente de papo: la línea que escribes queda entera, y vuelve solo si se cae la red.
web-inside = Ya dentro
web-example-room = plaza
web-example-message = ¡hola a todos!
web-create = abre una sala con diez lugares
web-join = entra en una sala que existe
web-say = lo que no es orden va a la sala
web-channels = muestra las salas abiertas
web-help = muestra todas las órdenes
web-host-unknown = DIRECCION
web-port-unknown = PUERTO
web-missing = Aquí no hay nada
web-missing-lead = Esta dirección no lleva a ninguna página. Quizá cambió de nombre; quizá nunca existió.
web-missing-back = Volver a la entrada
