//! The tree of a flame graph: stacks merged from the outside, what is too narrow to be seen put together.

use serde::Serialize;
use smol_str::{SmolStr, format_smolstr};

use crate::model::{Frame, Profile};

/// Narrower parts of the whole are one node of their parent.
const MIN_SHARE: f64 = 0.000_2;
const MAX_NODES: usize = 20_000;
const MAX_DEPTH: usize = 200;

/// A place with what is called from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FlameNode {
    /// Module, line or method.
    #[serde(rename = "n")]
    pub name: SmolStr,
    /// The line itself, if known.
    #[serde(rename = "t", skip_serializing_if = "SmolStr::is_empty")]
    pub text: SmolStr,
    /// With everything below.
    #[serde(rename = "v")]
    pub total_ns: u64,
    /// Time in the database of the same.
    #[serde(rename = "q", skip_serializing_if = "is_zero")]
    pub sql_ns: u64,
    #[serde(rename = "c", skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<FlameNode>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The tree under one root that stands for everything. Without stacks it has modules, methods and lines.
pub fn flame_tree(profile: &Profile, root: &str, rest: &str) -> FlameNode {
    let mut tree = FlameNode { name: root.into(), ..FlameNode::default() };
    if profile.stacks.is_empty() {
        add_modules(&mut tree, profile);
    } else {
        for stack in &profile.stacks {
            let frames = stack.frames.iter().filter_map(|frame| profile.frames.get(*frame as usize));
            let names = frames.map(|frame| frame_name(profile, frame));
            add_path(&mut tree, names, stack.measure.own_ns, stack.measure.sql_ns);
        }
    }
    let limit = (tree.total_ns as f64 * MIN_SHARE) as u64;
    let mut left = MAX_NODES;
    prune(&mut tree, limit.max(1), &mut left, rest);
    tree
}

fn add_path(tree: &mut FlameNode, names: impl Iterator<Item = (SmolStr, SmolStr)>, own_ns: u64, sql_ns: u64) {
    let mut node = tree;
    node.total_ns = node.total_ns.saturating_add(own_ns);
    node.sql_ns = node.sql_ns.saturating_add(sql_ns);
    for (name, text) in names.take(MAX_DEPTH) {
        let known = node.children.iter().position(|child| child.name == name);
        let index = known.unwrap_or_else(|| {
            node.children.push(FlameNode { name, text, ..FlameNode::default() });
            node.children.len() - 1
        });
        node = &mut node.children[index];
        node.total_ns = node.total_ns.saturating_add(own_ns);
        node.sql_ns = node.sql_ns.saturating_add(sql_ns);
    }
}

fn add_modules(tree: &mut FlameNode, profile: &Profile) {
    for module in &profile.modules {
        for line in &module.lines {
            let is_around = |first: u32, last: u32| (first..=last).contains(&line.line);
            let method = module.methods.iter().find(|method| is_around(method.first_line, method.last_line));
            let method = method.map(|method| (method.name.clone(), SmolStr::default()));
            let name = format_smolstr!("{}:{}", module.name, line.line);
            let path =
                [Some((module.name.clone(), SmolStr::default())), method, Some((name, line.text.clone()))];
            add_path(tree, path.into_iter().flatten(), line.measure.own_ns, line.measure.sql_ns);
        }
    }
}

fn frame_name(profile: &Profile, frame: &Frame) -> (SmolStr, SmolStr) {
    let Some(module) = profile.modules.get(frame.module as usize) else { return Default::default() };
    if frame.line > 0 {
        let text = module.line(frame.line).map(|line| line.text.clone()).unwrap_or_default();
        return (format_smolstr!("{}:{}", module.name, frame.line), text);
    }
    match frame.method.as_str() {
        "" => (module.name.clone(), SmolStr::default()),
        method => (format_smolstr!("{} {method}", module.name), SmolStr::default()),
    }
}

/// Depth is bounded when paths are added, so this cannot overflow.
fn prune(node: &mut FlameNode, limit: u64, left: &mut usize, rest: &str) {
    node.children.sort_by(|a, b| b.total_ns.cmp(&a.total_ns).then_with(|| a.name.cmp(&b.name)));
    let kept = node.children.iter().take(*left).take_while(|child| child.total_ns >= limit).count();
    *left -= kept;
    let narrow = node.children.split_off(kept);
    for child in &mut node.children {
        prune(child, limit, left, rest);
    }
    let sum = |value: fn(&FlameNode) -> u64| narrow.iter().map(value).fold(0, u64::saturating_add);
    let (total_ns, sql_ns) = (sum(|child| child.total_ns), sum(|child| child.sql_ns));
    if total_ns > 0 {
        node.children.push(FlameNode { name: rest.into(), total_ns, sql_ns, ..FlameNode::default() });
    }
}
