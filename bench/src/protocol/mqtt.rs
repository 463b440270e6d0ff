//! MQTT 3.1.1 with quality of service 0, as far as a subscriber of one topic needs it.

use crate::message;
use crate::protocol::Heard;

/// Level 4 is MQTT 3.1.1 (section 3.1.2.2). Its highest bit asks mosquitto for what its bridges
/// ask for: that a client does not hear itself, as in a chat room. MQTT 5 made that an option.
const LEVEL: u8 = 4 | 0x80;

/// Bytes of a header's length field at most (section 2.2.3).
const LENGTH_BYTES_MAX: usize = 4;

/// Section 3.1, with a clean session and without a keep-alive.
pub(super) fn connect(nick: &str) -> Vec<u8> {
    const CLEAN_SESSION: u8 = 2;
    let mut body = string("MQTT");
    body.extend_from_slice(&[LEVEL, CLEAN_SESSION, 0, 0]);
    body.extend(string(nick));
    packet(0x10, &body)
}

/// Section 3.8.
pub(super) fn subscribe(room: &str) -> Vec<u8> {
    let mut body = vec![0, 1];
    body.extend(string(room));
    body.push(0);
    packet(0x82, &body)
}

/// Section 3.3: all of a PUBLISH but its text.
pub(super) fn opening(room: &str, size: usize) -> Vec<u8> {
    let topic = string(room);
    let mut opening = vec![0x30];
    write_length(topic.len() + size, &mut opening);
    opening.extend(topic);
    opening
}

/// What a packet means.
pub(super) fn heard(packet: &[u8]) -> Heard {
    let Some((_, header)) = length(packet) else { return Heard::Other };
    let body = &packet[header..];
    match (packet[0] >> 4, body) {
        (3, [high, low, rest @ ..]) => {
            let topic = usize::from(u16::from_be_bytes([*high, *low]));
            let text = rest.get(topic..).unwrap_or_default();
            message::read(text).map_or(Heard::Other, Heard::Message)
        }
        (2, [_, 0]) => Heard::Ready,
        (2, _) | (9, [_, _, 0x80]) => Heard::Refused,
        (9, _) => Heard::Done,
        _ => Heard::Other,
    }
}

/// Bytes of the packet that `bytes` begin with; `None` as long as its header is not whole.
pub(super) fn packet_bytes(bytes: &[u8]) -> Option<usize> {
    length(bytes).map(|(body, header)| header + body)
}

/// Bytes of the body, and of the header.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut body = 0;
    for (index, &byte) in bytes.iter().skip(1).take(LENGTH_BYTES_MAX).enumerate() {
        body |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((body, index + 2));
        }
    }
    None
}

fn write_length(mut length: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(length & 0x7F).expect("seven bits");
        length >>= 7;
        out.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            return;
        }
    }
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![kind];
    write_length(body.len(), &mut packet);
    packet.extend_from_slice(body);
    packet
}

/// Section 1.5.3.
fn string(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("our names are short");
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Stamp;
    use crate::protocol::Framing;

    #[test]
    fn a_message_is_whole_however_long() {
        let stamp = Stamp { room: 1, publisher: 2, counter: 3, nanos: 4 };
        for size in [32, 100, 130, 4096] {
            let mut packet = opening("room", size);
            message::write(stamp, size, &mut packet);
            assert_eq!(packet_bytes(&packet), Some(packet.len()), "{size}");
            assert_eq!(heard(&packet), Heard::Message(stamp), "{size}");
            let mut count = 0;
            let two = [&packet[..], &packet[..], &packet[..5]].concat();
            assert_eq!(Framing::Mqtt.cut(&two, |_| count += 1), 2 * packet.len());
            assert_eq!(count, 2);
        }
    }

    #[test]
    fn answers_are_told_apart() {
        for (packet, heard_as) in [
            (&[0x20, 2, 0, 0][..], Heard::Ready),
            (&[0x20, 2, 0, 5], Heard::Refused),
            (&[0x90, 3, 0, 1, 0], Heard::Done),
            (&[0x90, 3, 0, 1, 0x80], Heard::Refused),
            (&[0xD0, 0], Heard::Other),
            (&[0x30, 1, 0], Heard::Other),
            (&[0x30, 3, 9, 9, 9], Heard::Other),
            (&[], Heard::Other),
        ] {
            assert_eq!(heard(packet), heard_as, "{packet:?}");
        }
        assert_eq!(packet_bytes(&[0x30, 0x80]), None);
    }
}
