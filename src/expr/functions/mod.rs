//! The function library: Terraform's and OpenTofu's functions, as far as they are pure.
//!
//! Every function keeps what is known: a merge with an unknown map still has the keys of the later maps, a string put
//! together from parts has holes where a part is not known, a list that may hold more says so. What the time, the machine
//! or chance decides is unknown. `try` and `can` are part of the evaluator, and functions of providers are unknown to it.
//!
//! - Argument reading: [`args`]; types as far as conversions need them: [`types`].
//! - One file for each family of functions.

mod args;
mod cidr;
mod collection;
mod convert;
mod csv;
mod encoding;
mod filesystem;
mod format;
mod hash;
mod json;
mod numeric;
mod regex;
mod sequence;
mod string;
mod time;
mod types;
mod yaml;

use super::{Call, Function};
use args::finish;

/// An entry of the table: name, least and largest number of arguments, whether unknown arguments are seen, the function.
macro_rules! table {
    ($($name:literal $min:literal $max:tt $takes:ident $run:path;)*) => {
        &[$(Function {
            name: $name,
            min_args: $min,
            max_args: table!(@max $max),
            takes_unknown: table!(@takes $takes),
            run: |call: &Call<'_>| finish($run(call)),
        }),*]
    };
    (@max any) => { usize::MAX };
    (@max $max:literal) => { $max };
    (@takes partial) => { true };
    (@takes whole) => { false };
}

/// All functions, sorted by name.
static TABLE: &[Function] = table! {
    "abs" 1 1 whole numeric::abs;
    "abspath" 1 1 whole filesystem::abspath;
    "alltrue" 1 1 partial collection::alltrue;
    "anytrue" 1 1 partial collection::anytrue;
    "base64decode" 1 1 whole encoding::base64decode;
    "base64encode" 1 1 whole encoding::base64encode;
    "base64gunzip" 1 1 whole encoding::base64gunzip;
    "base64gzip" 1 1 whole encoding::base64gzip;
    "base64sha256" 1 1 whole hash::base64sha256;
    "base64sha512" 1 1 whole hash::base64sha512;
    "basename" 1 1 whole filesystem::basename;
    "bcrypt" 1 2 whole hash::bcrypt;
    "ceil" 1 1 whole numeric::ceil;
    "chomp" 1 1 partial string::chomp;
    "chunklist" 2 2 partial sequence::chunklist;
    "cidrcontains" 2 2 whole cidr::cidrcontains;
    "cidrhost" 2 2 whole cidr::cidrhost;
    "cidrnetmask" 1 1 whole cidr::cidrnetmask;
    "cidrsubnet" 3 3 whole cidr::cidrsubnet;
    "cidrsubnets" 1 any whole cidr::cidrsubnets;
    "coalesce" 1 any partial collection::coalesce;
    "coalescelist" 1 any partial collection::coalescelist;
    "compact" 1 1 partial string::compact;
    "concat" 1 any partial sequence::concat;
    "contains" 2 2 partial collection::contains;
    "csvdecode" 1 1 whole csv::csvdecode;
    "dirname" 1 1 whole filesystem::dirname;
    "distinct" 1 1 partial sequence::distinct;
    "element" 2 2 partial collection::element;
    "endswith" 2 2 partial string::endswith;
    "ephemeralasnull" 1 1 partial convert::ephemeralasnull;
    "file" 1 1 whole filesystem::file;
    "filebase64" 1 1 whole filesystem::filebase64;
    "filebase64sha256" 1 1 whole filesystem::filebase64sha256;
    "filebase64sha512" 1 1 whole filesystem::filebase64sha512;
    "fileexists" 1 1 whole filesystem::fileexists;
    "filemd5" 1 1 whole filesystem::filemd5;
    "fileset" 2 2 whole filesystem::fileset;
    "filesha1" 1 1 whole filesystem::filesha1;
    "filesha256" 1 1 whole filesystem::filesha256;
    "filesha512" 1 1 whole filesystem::filesha512;
    "flatten" 1 1 partial sequence::flatten;
    "floor" 1 1 whole numeric::floor;
    "format" 1 any partial format::format;
    "formatdate" 2 2 whole time::formatdate;
    "formatlist" 1 any partial format::formatlist;
    "indent" 2 2 partial string::indent;
    "index" 2 2 partial collection::index;
    "issensitive" 1 1 partial convert::issensitive;
    "join" 1 any partial string::join;
    "jsondecode" 1 1 partial json::jsondecode;
    "jsonencode" 1 1 partial json::jsonencode;
    "keys" 1 1 partial collection::keys;
    "length" 1 1 partial collection::length;
    "list" 0 any partial collection::list;
    "log" 2 2 whole numeric::log;
    "lookup" 2 3 partial collection::lookup;
    "lower" 1 1 partial string::lower;
    "map" 0 any partial collection::map;
    "matchkeys" 3 3 partial collection::matchkeys;
    "max" 1 any whole numeric::max;
    "md5" 1 1 whole hash::md5;
    "merge" 0 any partial collection::merge;
    "min" 1 any whole numeric::min;
    "nonsensitive" 1 1 partial convert::nonsensitive;
    "one" 1 1 partial collection::one;
    "parseint" 2 2 whole numeric::parseint;
    "pathexpand" 1 1 whole filesystem::pathexpand;
    "plantimestamp" 0 0 whole time::plantimestamp;
    "pow" 2 2 whole numeric::pow;
    "range" 1 3 whole numeric::range;
    "regex" 2 2 whole regex::regex;
    "regexall" 2 2 whole regex::regexall;
    "replace" 3 3 partial regex::replace;
    "reverse" 1 1 partial sequence::reverse;
    "rsadecrypt" 2 2 whole hash::rsadecrypt;
    "sensitive" 1 1 partial convert::sensitive;
    "setintersection" 1 any partial sequence::setintersection;
    "setproduct" 1 any partial sequence::setproduct;
    "setsubtract" 2 2 partial sequence::setsubtract;
    "setunion" 1 any partial sequence::setunion;
    "sha1" 1 1 whole hash::sha1;
    "sha256" 1 1 whole hash::sha256;
    "sha512" 1 1 whole hash::sha512;
    "signum" 1 1 whole numeric::signum;
    "slice" 3 3 partial sequence::slice;
    "sort" 1 1 partial sequence::sort;
    "split" 2 2 partial string::split;
    "startswith" 2 2 partial string::startswith;
    "strcontains" 2 2 partial string::strcontains;
    "strrev" 1 1 whole string::strrev;
    "substr" 3 3 whole string::substr;
    "sum" 1 1 whole numeric::sum;
    "templatefile" 2 2 partial filesystem::templatefile;
    "templatestring" 2 2 partial string::templatestring;
    "textdecodebase64" 2 2 whole encoding::textdecodebase64;
    "textencodebase64" 2 2 whole encoding::textencodebase64;
    "timeadd" 2 2 whole time::timeadd;
    "timecmp" 2 2 whole time::timecmp;
    "timestamp" 0 0 whole time::timestamp;
    "title" 1 1 whole string::title;
    "tobool" 1 1 partial convert::tobool;
    "tolist" 1 1 partial convert::tolist;
    "tomap" 1 1 partial convert::tomap;
    "tonumber" 1 1 partial convert::tonumber;
    "toset" 1 1 partial convert::toset;
    "tostring" 1 1 partial convert::tostring;
    "transpose" 1 1 whole collection::transpose;
    "trim" 2 2 partial string::trim;
    "trimprefix" 2 2 partial string::trimprefix;
    "trimspace" 1 1 partial string::trimspace;
    "trimsuffix" 2 2 partial string::trimsuffix;
    "type" 1 1 partial convert::type_of;
    "upper" 1 1 partial string::upper;
    "urldecode" 1 1 whole encoding::urldecode;
    "urlencode" 1 1 whole encoding::urlencode;
    "uuid" 0 0 whole hash::uuid;
    "uuidv5" 2 2 whole hash::uuidv5;
    "values" 1 1 partial collection::values;
    "yamldecode" 1 1 whole yaml::yamldecode;
    "yamlencode" 1 1 whole yaml::yamlencode;
    "zipmap" 2 2 partial collection::zipmap;
};

/// The function of that name, with or without `core::` in front.
pub fn lookup(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let at = TABLE.binary_search_by(|f| f.name.cmp(name)).ok()?;
    TABLE.get(at)
}

/// All functions, sorted by name.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLE.iter()
}

#[cfg(test)]
mod tests {
    use super::{all, lookup};

    #[test]
    fn the_table_is_sorted_and_every_name_is_found() {
        let names: Vec<&str> = all().map(|f| f.name).collect();
        assert!(names.is_sorted(), "{names:?}");
        for function in all() {
            assert_eq!(lookup(function.name).map(|f| f.name), Some(function.name));
            assert_eq!(lookup(&format!("core::{}", function.name)).map(|f| f.name), Some(function.name));
            assert!(function.min_args <= function.max_args, "{}", function.name);
        }
        assert!(lookup("nothing").is_none());
    }
}
