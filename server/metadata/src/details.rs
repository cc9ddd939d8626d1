//! What only some kinds of objects have: flags of common modules, handlers of services, contents.

use smol_str::SmolStr;

use crate::kind::ObjectKind;
use crate::model::{CommonModule, Details, HttpMethod, Operation, Register, Reuse, UrlTemplate};
use crate::source::Source;
use crate::xml::Element;

pub(crate) fn read(kind: ObjectKind, source: Source<'_>) -> Details {
    use ObjectKind as K;
    match kind {
        K::CommonModule => Details::CommonModule(common_module(source)),
        K::InformationRegister | K::AccumulationRegister | K::AccountingRegister | K::CalculationRegister => {
            Details::Register(register(kind, source))
        }
        K::Constant
        | K::DefinedType
        | K::SessionParameter
        | K::FilterCriterion
        | K::ChartOfCharacteristicTypes => Details::Typed(source.types("Type")),
        K::CommonCommand => Details::Typed(source.types("CommandParameterType")),
        K::CommonAttribute => common_attribute(source),
        K::FunctionalOption => functional_option(source),
        K::EventSubscription => event_subscription(source),
        K::ScheduledJob => {
            let (method, method_range) = source.text_with_range("MethodName");
            Details::ScheduledJob { method, method_range, is_predefined: source.is("Predefined") }
        }
        K::HTTPService => Details::HttpService {
            root_url: source.text("RootURL"),
            templates: source.parts("URLTemplate", "urlTemplates").map(url_template).collect(),
        },
        K::WebService => Details::WebService {
            namespace: source.text("Namespace"),
            operations: source.parts("Operation", "operations").map(operation).collect(),
        },
        K::IntegrationService => {
            let parts = source.parts("IntegrationServiceChannel", "integrationServiceChannels");
            Details::IntegrationService { channels: parts.map(channel).collect() }
        }
        K::XDTOPackage => Details::XdtoPackage { namespace: source.text("Namespace") },
        K::Subsystem => Details::Content(source.texts("Content")),
        K::ExchangePlan => Details::Content(contents(source, "mdObject", "Metadata")),
        _ => related(source),
    }
}

fn common_module(source: Source<'_>) -> CommonModule {
    CommonModule {
        is_global: source.is("Global"),
        is_server: source.is("Server"),
        is_server_call: source.is("ServerCall"),
        is_client_managed: source.is("ClientManagedApplication"),
        is_client_ordinary: source.is("ClientOrdinaryApplication"),
        is_external_connection: source.is("ExternalConnection"),
        is_privileged: source.is("Privileged"),
        reuse: match &*source.text("ReturnValuesReuse") {
            "DuringRequest" => Reuse::DuringRequest,
            "DuringSession" => Reuse::DuringSession,
            _ => Reuse::DontUse,
        },
    }
}

fn register(kind: ObjectKind, source: Source<'_>) -> Register {
    let chart = source.text("ChartOfAccounts");
    let mut register = Register {
        chart: if chart.is_empty() { source.text("ChartOfCalculationTypes") } else { chart },
        is_correspondence: source.is("Correspondence"),
        ..Register::default()
    };
    match kind {
        ObjectKind::InformationRegister => {
            register.periodicity = source.text_or("InformationRegisterPeriodicity", "Nonperiodical");
            register.write_mode = source.text_or("WriteMode", "Independent");
        }
        ObjectKind::AccumulationRegister => {
            register.register_type = source.text_or("RegisterType", "Balance")
        }
        ObjectKind::CalculationRegister => register.periodicity = source.text("Periodicity"),
        _ => {}
    }
    register
}

fn common_attribute(source: Source<'_>) -> Details {
    let mut users = Vec::new();
    let mut exceptions = Vec::new();
    for item in source.items("Content") {
        let name = field(item, "metadata").map_or_else(SmolStr::default, |name| name.trimmed().into());
        match field(item, "use").map(Element::trimmed).as_deref() {
            Some("Use") => users.push(name),
            Some("DontUse") => exceptions.push(name),
            _ => {}
        }
    }
    Details::CommonAttribute {
        types: source.types("Type"),
        users,
        exceptions,
        // EDT leaves out the first value of the list, which is `Use`.
        is_automatic: source.text_or("AutoUse", "Use") == "Use",
    }
}

fn functional_option(source: Source<'_>) -> Details {
    Details::FunctionalOption { location: source.text("Location"), content: source.texts("Content") }
}

fn event_subscription(source: Source<'_>) -> Details {
    let (handler, handler_range) = source.text_with_range("Handler");
    Details::EventSubscription {
        source: source.types("Source"),
        event: source.text("Event"),
        handler,
        handler_range,
    }
}

fn url_template(source: Source<'_>) -> UrlTemplate {
    UrlTemplate {
        name: source.text("Name"),
        template: source.text("Template"),
        methods: source.parts("Method", "methods").map(http_method).collect(),
    }
}

fn http_method(source: Source<'_>) -> HttpMethod {
    let (handler, handler_range) = source.text_with_range("Handler");
    HttpMethod {
        name: source.text("Name"),
        http_method: source.text_or("HTTPMethod", "GET"),
        handler,
        handler_range,
    }
}

fn operation(source: Source<'_>) -> Operation {
    let (procedure, procedure_range) = source.text_with_range("ProcedureName");
    Operation {
        name: source.text("Name"),
        procedure,
        procedure_range,
        parameters: source.part_names("Parameter", "parameters"),
    }
}

fn channel(source: Source<'_>) -> Operation {
    let (procedure, procedure_range) = source.text_with_range("ReceiveMessageProcessing");
    Operation { name: source.text("Name"), procedure, procedure_range, parameters: Vec::new() }
}

/// Full names inside the items of a content list.
fn contents(source: Source<'_>, edt: &str, designer: &str) -> Vec<SmolStr> {
    let names = source.items("Content").into_iter();
    let names = names.filter_map(|item| field(item, edt).or_else(|| field(item, designer)));
    names.map(|name| name.trimmed().into()).collect()
}

fn related(source: Source<'_>) -> Details {
    let owners = source.texts("Owners");
    let registers = source.texts("RegisterRecords");
    let based_on = source.texts("BasedOn");
    let mut documents = source.texts("RegisteredDocuments");
    documents.extend(source.texts("Documents"));
    let links = ["Task", "Addressing", "ExtDimensionTypes"].map(|name| source.text(name));
    let link = links.into_iter().find(|link| !link.is_empty()).unwrap_or_default();
    let is_empty = owners.is_empty() && registers.is_empty() && based_on.is_empty() && documents.is_empty();
    if is_empty && link.is_empty() {
        return Details::None;
    }
    Details::Related { owners, registers, based_on, documents, link }
}

fn field<'a>(item: Element<'a>, name: &str) -> Option<Element<'a>> {
    item.children().find(|child| child.name().eq_ignore_ascii_case(name))
}
