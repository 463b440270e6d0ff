//! Turning a client away in its own protocol, so that its user sees why.

use crate::sniff::STUN_COOKIE;

/// A fatal TLS alert, `handshake_failure` (RFC 8446, section 6): "this port speaks no TLS yet".
/// The record says TLS 1.0, as every client accepts before a version is agreed.
pub const TLS_ALERT: [u8; 7] = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 40];

/// An SSH identification line and a disconnect message, which clients print (RFC 4253, sections
/// 4.2, 6 and 11.1). Nothing is encrypted before the key exchange.
#[must_use]
pub fn ssh_disconnect(description: &str) -> Vec<u8> {
    const DISCONNECT: u8 = 1;
    const BY_APPLICATION: u32 = 11;
    const BLOCK_BYTES: usize = 8;
    const PADDING_BYTES_MIN: usize = 4;

    let mut payload = vec![DISCONNECT];
    payload.extend(BY_APPLICATION.to_be_bytes());
    string(&mut payload, description);
    string(&mut payload, "");

    // Length (4), padding length (1), payload and padding fill whole blocks.
    let unpadded = 4 + 1 + payload.len() + PADDING_BYTES_MIN;
    let padding = PADDING_BYTES_MIN + (BLOCK_BYTES - unpadded % BLOCK_BYTES) % BLOCK_BYTES;
    let mut bytes = b"SSH-2.0-papo\r\n".to_vec();
    bytes.extend(length(1 + payload.len() + padding));
    bytes.push(u8::try_from(padding).expect("padding is at most 11 bytes"));
    bytes.extend(payload);
    bytes.resize(bytes.len() + padding, 0);
    bytes
}

/// An SSH string (RFC 4251, section 5): its length, then its bytes.
fn string(payload: &mut Vec<u8>, text: &str) {
    payload.extend(length(text.len()));
    payload.extend(text.as_bytes());
}

fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).expect("a refusal is short").to_be_bytes()
}

/// IRC's last word to a client (RFC 2812, section 3.7.4).
#[must_use]
pub fn irc_error(reason: &str) -> Vec<u8> {
    format!("ERROR :Closing Link: {reason}\r\n").into_bytes()
}

/// A STUN error response, 500, to the request that opened an ICE connection over TCP (RFC 8489,
/// sections 5 and 14.8; framed by RFC 4571). `None` if the request's header is not whole.
#[must_use]
pub fn ice_error(request: &[u8]) -> Option<Vec<u8>> {
    const ERROR_CODE: u16 = 0x0009;
    const ERROR_CLASS_BITS: u16 = 0x0110;
    const REASON: &[u8; 12] = b"no voice yet";

    let message = request.get(2..22)?;
    let kind = u16::from_be_bytes([message[0], message[1]]) | ERROR_CLASS_BITS;
    let transaction = &message[8..20];
    let mut body = ERROR_CODE.to_be_bytes().to_vec();
    body.extend(u16::try_from(4 + REASON.len()).expect("it is 16").to_be_bytes());
    body.extend([0, 0, 5, 0]);
    body.extend(REASON);

    let mut stun = kind.to_be_bytes().to_vec();
    stun.extend(u16::try_from(body.len()).expect("it is 20").to_be_bytes());
    stun.extend(STUN_COOKIE);
    stun.extend(transaction);
    stun.extend(body);
    let mut frame = u16::try_from(stun.len()).expect("it is 40").to_be_bytes().to_vec();
    frame.extend(stun);
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ssh_packet_fills_whole_blocks() {
        for description in ["", "a", "ab", "no SSH here yet", &"x".repeat(200)] {
            let bytes = ssh_disconnect(description);
            let packet = bytes.strip_prefix(b"SSH-2.0-papo\r\n").unwrap();
            assert_eq!(packet.len() % 8, 0);
            let said = u32::from_be_bytes(*packet.first_chunk().unwrap()) as usize;
            assert_eq!(said + 4, packet.len());
            assert!((4..=11).contains(&packet[4]));
            assert_eq!(&packet[14..14 + description.len()], description.as_bytes());
        }
    }

    #[test]
    fn an_ice_error_answers_its_own_request() {
        let request = b"\x00\x14\x00\x01\x00\x00\x21\x12\xA4\x42abcdefghijkl";
        let frame = ice_error(request).unwrap();
        assert_eq!(usize::from(u16::from_be_bytes([frame[0], frame[1]])) + 2, frame.len());
        assert_eq!(&frame[2..4], [0x01, 0x11]);
        assert_eq!(usize::from(u16::from_be_bytes([frame[4], frame[5]])) + 22, frame.len());
        assert_eq!(&frame[10..22], b"abcdefghijkl");
        assert_eq!(ice_error(&request[..21]), None);
    }
}
