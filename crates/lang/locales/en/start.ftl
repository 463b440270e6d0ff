# What the server prints at its start, to whoever started it.

start-ready = papo { $version } is running. Conversations are kept in { $folder }
start-here = To enter, on this machine:
start-anywhere = To enter, from any machine of the network:
start-only-here = Only this machine reaches this address. To let the network in: papo --ip 0.0.0.0
start-few-files = Note: --max { $connections }, but the system allows { $open } open files: { $fit } connections fit. For all of them: ulimit -n { $needed } (with systemd: LimitNOFILE={ $needed })
start-stop = To stop: Ctrl-C
