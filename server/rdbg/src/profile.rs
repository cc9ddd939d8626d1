//! A measurement as a profile: modules by their names, lines with their times.

use profile::{CountMeaning, Measure, Profile, ProfileBuilder, Source, SourceKind};

use crate::measurement::Measurement;
use crate::modules::ModuleNames;

impl Measurement {
    /// Modules that nobody knows the name of keep their identifiers.
    pub fn to_profile(&self, names: &ModuleNames, title: &str) -> Profile {
        let mut builder = ProfileBuilder::new();
        for measured in &self.modules {
            let module = &measured.module;
            let unnamed = || match module.url.as_str() {
                "" => format!("{} {}", module.object, module.property),
                url => url.to_owned(),
            };
            let name = names.name(module).unwrap_or_else(unnamed);
            for line in &measured.lines {
                let measure = Measure {
                    count: line.count,
                    total_ns: line.total_ns,
                    own_ns: line.own_ns,
                    server_calls: line.server_calls,
                    ..Measure::default()
                };
                builder.add_line(&name, line.line, "", &measure);
            }
        }
        builder.finish(Source {
            kind: SourceKind::Debugger,
            counts: CountMeaning::Executions,
            title: title.to_owned(),
            period: None,
        })
    }
}
