//! One gateway a protocol: it translates between a connection and the hub, and knows no rule.

pub(crate) mod line;
