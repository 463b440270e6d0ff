//! The start's text, letter by letter.

use super::*;

const MANY: DescriptorLimit = DescriptorLimit { open_files: 524_288 };

fn told(lang: Lang, listening: &[&str], machine: &[&str], descriptors: DescriptorLimit) -> String {
    let listening: Vec<SocketAddr> = listening.iter().map(|text| text.parse().unwrap()).collect();
    let machine: Vec<IpAddr> = machine.iter().map(|text| text.parse().unwrap()).collect();
    let text = welcome(&Start {
        lang,
        listening: &listening,
        machine: &machine,
        data: Path::new("/var/lib/papo"),
        connections: 10_000,
        descriptors,
        shards: NonZeroUsize::new(4).unwrap(),
    });
    text.replacen(env!("CARGO_PKG_VERSION"), "VERSION", 1)
}

#[test]
fn on_this_machine_alone() {
    let expected = "\
papo VERSION esta no ar. As conversas ficam em /var/lib/papo

Para entrar, nesta maquina:
  papo connect -i 127.0.0.1 -p 7777
  telnet 127.0.0.1 7777
  nc 127.0.0.1 7777
  http://127.0.0.1:7777/

So esta maquina alcanca este endereco. Para abrir a rede: papo --ip 0.0.0.0
Para encerrar: Ctrl-C
";
    assert_eq!(told(Lang::Pt, &["127.0.0.1:7777"], &["192.0.2.7"], MANY), expected);
}

#[test]
fn on_every_network() {
    let expected = "\
papo VERSION is running. Conversations are kept in /var/lib/papo

To enter, on this machine:
  papo connect -i 127.0.0.1 -p 8000
  telnet 127.0.0.1 8000
  nc 127.0.0.1 8000
  http://127.0.0.1:8000/

To enter, from any machine of the network:
  papo connect -i 192.0.2.7 -p 8000
  telnet 192.0.2.7 8000
  nc 192.0.2.7 8000
  http://192.0.2.7:8000/
  papo connect -i 2001:db8::7 -p 8000
  telnet 2001:db8::7 8000
  nc 2001:db8::7 8000
  http://[2001:db8::7]:8000/

To stop: Ctrl-C
";
    assert_eq!(told(Lang::En, &["[::]:8000"], &["192.0.2.7", "2001:db8::7"], MANY), expected);
    let only_v4 = told(Lang::En, &["0.0.0.0:8000"], &["192.0.2.7", "2001:db8::7"], MANY);
    assert!(only_v4.contains("nc 192.0.2.7 8000") && !only_v4.contains("2001:db8::7"));
    let without_network = told(Lang::En, &["0.0.0.0:8000"], &[], MANY);
    assert!(without_network.ends_with("  http://127.0.0.1:8000/\n\nTo stop: Ctrl-C\n"));
}

#[test]
fn on_one_address_of_the_network() {
    let expected = "\
papo VERSION está en marcha. Las conversaciones se guardan en /var/lib/papo

Para entrar, desde cualquier máquina de la red:
  papo connect -i 192.0.2.7 -p 7777
  telnet 192.0.2.7 7777
  nc 192.0.2.7 7777
  http://192.0.2.7:7777/

Para terminar: Ctrl-C
";
    assert_eq!(told(Lang::Es, &["192.0.2.7:7777"], &["192.0.2.7"], MANY), expected);
}

#[test]
fn what_the_system_cannot_carry_is_said() {
    let few = DescriptorLimit { open_files: 1000 };
    for (lang, expected) in [
        (
            Lang::Pt,
            "Atencao: --max 10000, mas o sistema permite 1000 arquivos abertos: cabem 872 \
             conexoes. Para caberem todas: ulimit -n 10128 (no systemd: LimitNOFILE=10128)\n",
        ),
        (
            Lang::En,
            "Note: --max 10000, but the system allows 1000 open files: 872 connections fit. \
             For all of them: ulimit -n 10128 (with systemd: LimitNOFILE=10128)\n",
        ),
    ] {
        let text = told(lang, &["127.0.0.1:7777"], &[], few);
        assert!(text.contains(expected), "{text}");
    }
    for (open_files, said) in [(10_127, true), (10_128, false), (u64::MAX, false), (0, true)] {
        let text = told(Lang::Pt, &["127.0.0.1:7777"], &[], DescriptorLimit { open_files });
        assert_eq!(text.contains("--max"), said, "{open_files}");
    }
}

#[test]
fn a_folder_cannot_write_to_the_terminal() {
    let text = welcome(&Start {
        lang: Lang::Pt,
        listening: &[],
        machine: &[],
        data: Path::new("/a\u{1b}[2J\n{ $b }"),
        connections: 1,
        descriptors: MANY,
        shards: NonZeroUsize::MIN,
    });
    assert!(text.contains("ficam em /a?[2J?{ $b }\n"), "{text:?}");
}

#[test]
fn portuguese_is_plain_ascii() {
    let few = DescriptorLimit { open_files: 0 };
    let text = told(Lang::Pt, &["127.0.0.1:7777", "192.0.2.7:7777"], &[], few);
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn the_machine_names_only_addresses_that_others_can_use() {
    for address in machine_addresses() {
        assert!(!address.is_loopback() && !address.is_unspecified(), "{address}");
    }
    let loopback = IpAddr::from(Ipv4Addr::LOCALHOST);
    assert_eq!(source_address(loopback, loopback), None);
}

#[test]
fn the_limit_is_raised_to_the_highest_allowed() {
    let highest = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX);
    let lowered = Rlimit { current: Some(256), maximum: getrlimit(Resource::Nofile).maximum };
    setrlimit(Resource::Nofile, lowered).unwrap();
    assert_eq!(raise_descriptor_limit(), DescriptorLimit { open_files: highest });
    assert_eq!(getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX), highest);
}
