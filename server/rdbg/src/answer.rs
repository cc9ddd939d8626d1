//! Answers and events as XML, for the server's side.

use crate::body::escaped;
use crate::message::{MeasureResult, ModuleId, Target};

const HEAD: &str = "<response xmlns=\"http://v8.1c.ru/8.3/debugger/debugBaseData\" \
    xmlns:r=\"http://v8.1c.ru/8.3/debugger/debugRDBGRequestResponse\" \
    xmlns:c=\"http://v8.1c.ru/8.3/debugger/debugDBGUICommands\" \
    xmlns:m=\"http://v8.1c.ru/8.3/debugger/debugMeasure\" \
    xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";

pub(crate) fn response(content: &str) -> String {
    format!("{HEAD}{content}</response>")
}

pub(crate) fn result(value: &str) -> String {
    response(&format!("<r:result>{}</r:result>", escaped(value)))
}

/// An error as the platform tells it.
pub(crate) fn exception(message: &str) -> String {
    format!(
        "<exception xmlns=\"http://v8.1c.ru/8.1/data/core\" clsid=\"{}\"><descr>{}</descr></exception>",
        crate::identifier::NIL,
        escaped(message)
    )
}

pub(crate) fn targets(targets: &[Target]) -> String {
    let ids: Vec<String> = targets.iter().map(|it| format!("<r:id>{}</r:id>", target_content(it))).collect();
    response(&ids.concat())
}

fn target_content(target: &Target) -> String {
    format!(
        "<id>{}</id><seanceId>{}</seanceId><seanceNo>{}</seanceNo><infoBaseAlias>{}</infoBaseAlias>\
         <isServerInfoBase>undefined</isServerInfoBase><userName>{}</userName><configVersion>{}</configVersion>\
         <targetType>{}</targetType>",
        escaped(&target.id),
        escaped(&target.session),
        target.session_number,
        escaped(&target.infobase),
        escaped(&target.user),
        escaped(&target.configuration_version),
        escaped(&target.kind),
    )
}

fn module_content(module: &ModuleId) -> String {
    format!(
        "<type>{}</type><URL>{}</URL><extensionName>{}</extensionName><objectID>{}</objectID>\
         <propertyID>{}</propertyID><extId>0</extId><version>{}</version>",
        escaped(&module.kind),
        escaped(&module.url),
        escaped(&module.extension),
        escaped(&module.object),
        escaped(&module.property),
        escaped(&module.version),
    )
}

/// One event of a poll.
pub(crate) fn event(number: u32, name: &str, kind: &str, target: &Target, content: &str) -> String {
    format!(
        "<r:result xsi:type=\"c:DBGUIExtCmdInfo{kind}\"><c:cmdIDNum>{number}</c:cmdIDNum><c:cmdID>{name}</c:cmdID>\
         <c:targetID>{}</c:targetID>{content}</r:result>",
        target_content(target)
    )
}

pub(crate) fn started(target: &Target) -> String {
    event(1, "targetStarted", "Started", target, "")
}

pub(crate) fn quit(target: &Target) -> String {
    event(2, "targetQuit", "Quit", target, "")
}

pub(crate) fn measured(result: &MeasureResult) -> String {
    let mut modules = String::new();
    for module in &result.modules {
        modules += &format!("<m:moduleData><m:moduleID>{}</m:moduleID>", module_content(&module.module));
        for line in &module.lines {
            modules += &format!(
                "<m:lineInfo><m:lineNo>{}</m:lineNo><m:frequency>{}</m:frequency><m:durability>{}</m:durability>\
                 <m:pureDurability>{}</m:pureDurability><m:serverCallSignal>{}</m:serverCallSignal></m:lineInfo>",
                line.line, line.count, line.total, line.own, line.server_calls
            );
        }
        modules += "</m:moduleData>";
    }
    let content = format!(
        "<c:measure><m:targetID>{}</m:targetID><m:totalDurability>{}</m:totalDurability>\
         <m:totalIndepServerWorkTime>0</m:totalIndepServerWorkTime>\
         <m:performanceFrequency>{}</m:performanceFrequency>{modules}<m:sessionID>{}</m:sessionID></c:measure>",
        target_content(&result.target),
        result.total,
        result.frequency,
        escaped(&result.session)
    );
    event(6, "measureResultProcessing", "Measure", &result.target, &content)
}
