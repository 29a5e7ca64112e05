//! `Fn::Cidr`.

use crate::dialect::cloudformation::call::Call;
use crate::dialect::cloudformation::evaluator::{Evaluator, for_each_choice, made_of};
use crate::dialect::cloudformation::scope::Scope;
use crate::value::{Kind, Number, Value, to_text};
use ipnet::IpNet;

/// `Fn::Cidr` gives at most so many blocks.
const MAX_BLOCKS: i64 = 256;

impl<'t> Evaluator<'t, '_> {
    pub(super) fn cidr(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let (block, count, bits) = match call.arg.items() {
            Some([block, count]) => (block, count, None),
            Some([block, count, bits]) => (block, count, Some(bits)),
            _ => return self.bad_arguments(call, "an address block, a count and a number of bits"),
        };
        let values = [
            to_text(&self.value(block, scope)),
            super::number_of(&self.value(count, scope)),
            bits.map_or_else(Value::absent, |b| super::number_of(&self.value(b, scope))),
        ];
        for_each_choice(&values, |values| {
            if let Some(cause) = values.iter().find_map(Value::cause) {
                return Value::unknown(cause);
            }
            let [block, count, bits] = values else { return Value::absent() };
            let block = block.as_str().and_then(|b| b.parse::<IpNet>().ok());
            let count = count.as_number().and_then(Number::as_i64).filter(|c| (1..=MAX_BLOCKS).contains(c));
            let bits = match &bits.kind {
                Kind::Absent => Some(None),
                _ => bits.as_number().and_then(Number::as_i64).map(Some),
            };
            let (Some(block), Some(count), Some(bits)) = (block, count, bits) else {
                return self.bad_arguments(call, "an address block, a count from 1 to 256 and a number of bits");
            };
            let whole = i64::from(block.max_prefix_len());
            // Without a number of bits, subnets of 256 addresses, or of 2^64 in the sixth version.
            let prefix = whole - bits.unwrap_or(if whole == 32 { 8 } else { 64 });
            let subnets = u8::try_from(prefix).ok().and_then(|p| block.subnets(p).ok());
            let found: Vec<String> =
                subnets.map(|s| s.take(count as usize).map(|n| n.to_string()).collect()).unwrap_or_default();
            if found.len() < count as usize {
                return self.invalid(call.span, format!("{block} has no room for {count} blocks of this size"));
            }
            let trail = made_of(values, call.span);
            let items = found.into_iter().map(|n| Value::from(n).with_trail(trail.clone())).collect();
            Value::list(items).with_trail(trail)
        })
    }
}
