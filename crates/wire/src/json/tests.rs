//! Tests of the vocabulary: what is read and what is refused, and that the code, `papo.v1.ts` and
//! `docs/ws.md` say the same.

mod docs;
mod requests;
pub(crate) mod samples;
mod shape;
mod typescript;
