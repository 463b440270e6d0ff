# What the server prints at its start, to whoever started it.

start-ready = papo { $version } está en marcha. Las conversaciones se guardan en { $folder }
start-here = Para entrar, en esta máquina:
start-anywhere = Para entrar, desde cualquier máquina de la red:
start-only-here = Solo esta máquina alcanza esta dirección. Para abrir la red: papo --ip 0.0.0.0
start-few-files = Atención: --max { $connections }, pero el sistema permite { $open } archivos abiertos: caben { $fit } conexiones. Para que quepan todas: ulimit -n { $needed } (en systemd: LimitNOFILE={ $needed })
start-stop = Para terminar: Ctrl-C
