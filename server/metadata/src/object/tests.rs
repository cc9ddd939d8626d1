//! Kinds that the demo configurations lack, in both layouts.

use super::*;
use crate::model::Details;

fn read(layout: Layout, kind: ObjectKind, path: &str, body: &str) -> MetadataObject {
    let name = kind.name();
    let text = match layout {
        Layout::Designer => format!(
            r#"<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" xmlns:v8="http://v8.1c.ru/8.1/data/core" xmlns:xr="http://v8.1c.ru/8.3/xcf/readable" xmlns:cfg="http://v8.1c.ru/8.1/data/enterprise/current-config" xmlns:xs="http://www.w3.org/2001/XMLSchema"><{name} uuid="1">{body}</{name}></MetaDataObject>"#
        ),
        Layout::Edt => format!(
            r#"<mdclass:{name} xmlns:mdclass="http://g5.1c.ru/v8/dt/metadata/mdclass" uuid="1">{body}</mdclass:{name}>"#
        ),
    };
    let (object, problems) = read_object(text.into_bytes(), layout, kind, Path::new(path));
    assert_eq!(problems, []);
    MetadataObject { path: Default::default(), ..object }
}

/// The two texts describe the same object; places of handlers are not compared.
#[track_caller]
fn check_same(kind: ObjectKind, designer: &str, edt: &str) -> MetadataObject {
    let mut left = read(Layout::Designer, kind, "X.xml", designer);
    let mut right = read(Layout::Edt, kind, "X.mdo", edt);
    for object in [&mut left, &mut right] {
        match &mut object.details {
            Details::WebService { operations, .. } | Details::IntegrationService { channels: operations } => {
                operations.iter_mut().for_each(|operation| operation.procedure_range = Default::default());
            }
            _ => {}
        }
    }
    assert_eq!(left, right);
    left
}

#[test]
fn accounting_registers_and_their_charts() {
    let register = check_same(
        ObjectKind::AccountingRegister,
        "<Properties><Name>Р</Name><ChartOfAccounts>ChartOfAccounts.П</ChartOfAccounts><Correspondence>true</Correspondence></Properties><ChildObjects><Resource uuid='2'><Properties><Name>Сумма</Name><Type><v8:Type>xs:decimal</v8:Type></Type></Properties></Resource></ChildObjects>",
        "<name>Р</name><chartOfAccounts>ChartOfAccounts.П</chartOfAccounts><correspondence>true</correspondence><resources uuid='2'><name>Сумма</name><type><types>Number</types></type></resources>",
    );
    let Details::Register(details) = &register.details else { panic!("a register has its details") };
    assert_eq!((details.chart.as_str(), details.is_correspondence), ("ChartOfAccounts.П", true));
    let chart = check_same(
        ObjectKind::ChartOfAccounts,
        "<Properties><Name>П</Name><CodeLength>5</CodeLength><MaxExtDimensionCount>3</MaxExtDimensionCount><ExtDimensionTypes>ChartOfCharacteristicTypes.В</ExtDimensionTypes></Properties><ChildObjects><AccountingFlag uuid='2'><Properties><Name>Валютный</Name></Properties></AccountingFlag><ExtDimensionAccountingFlag uuid='3'><Properties><Name>Суммовой</Name></Properties></ExtDimensionAccountingFlag></ChildObjects>",
        "<name>П</name><codeLength>5</codeLength><maxExtDimensionCount>3</maxExtDimensionCount><extDimensionTypes>ChartOfCharacteristicTypes.В</extDimensionTypes><accountingFlags uuid='2'><name>Валютный</name></accountingFlags><extDimensionAccountingFlags uuid='3'><name>Суммовой</name></extDimensionAccountingFlags>",
    );
    assert_eq!(chart.other_fields.len(), 2);
    assert_eq!((chart.keys.ext_dimension_count, chart.keys.is_code_number), (3, false));
}

#[test]
fn recalculations_and_tables_are_children() {
    let register = check_same(
        ObjectKind::CalculationRegister,
        "<Properties><Name>Р</Name><ChartOfCalculationTypes>ChartOfCalculationTypes.Н</ChartOfCalculationTypes><Periodicity>Month</Periodicity></Properties><ChildObjects><Recalculation>П</Recalculation></ChildObjects>",
        "<name>Р</name><chartOfCalculationTypes>ChartOfCalculationTypes.Н</chartOfCalculationTypes><periodicity>Month</periodicity><recalculations uuid='2'><name>П</name></recalculations>",
    );
    assert_eq!(register.children, ["П"]);
    let source = check_same(
        ObjectKind::ExternalDataSource,
        "<Properties><Name>И</Name></Properties><ChildObjects><Table>Т</Table></ChildObjects>",
        "<name>И</name><tables>ExternalDataSource.И.Table.Т</tables>",
    );
    assert_eq!(source.children, ["Т"]);
}

#[test]
fn services() {
    let service = check_same(
        ObjectKind::WebService,
        "<Properties><Name>С</Name><Namespace>urn:x</Namespace></Properties><ChildObjects><Operation uuid='2'><Properties><Name>Ping</Name><ProcedureName>Проверка</ProcedureName></Properties><ChildObjects><Parameter uuid='3'><Properties><Name>А</Name></Properties></Parameter></ChildObjects></Operation></ChildObjects>",
        "<name>С</name><namespace>urn:x</namespace><operations uuid='2'><name>Ping</name><procedureName>Проверка</procedureName><parameters uuid='3'><name>А</name></parameters></operations>",
    );
    let Details::WebService { operations, .. } = &service.details else {
        panic!("a service has its details")
    };
    assert_eq!((operations[0].procedure.as_str(), operations[0].parameters.len()), ("Проверка", 1));
    let service = check_same(
        ObjectKind::IntegrationService,
        "<Properties><Name>С</Name></Properties><ChildObjects><IntegrationServiceChannel uuid='2'><Properties><Name>К</Name><ReceiveMessageProcessing>Принять</ReceiveMessageProcessing></Properties></IntegrationServiceChannel></ChildObjects>",
        "<name>С</name><integrationServiceChannels uuid='2'><name>К</name><receiveMessageProcessing>Принять</receiveMessageProcessing></integrationServiceChannels>",
    );
    let Details::IntegrationService { channels } = &service.details else {
        panic!("a service has its details")
    };
    assert_eq!(channels[0].procedure, "Принять");
    for kind in [ObjectKind::Bot, ObjectKind::WebSocketClient] {
        check_same(kind, "<Properties><Name>Б</Name></Properties>", "<name>Б</name>");
    }
}

#[test]
fn contents_and_relations() {
    let attribute = check_same(
        ObjectKind::CommonAttribute,
        "<Properties><Name>О</Name><Type><v8:Type>xs:string</v8:Type></Type><Content><xr:Item><xr:Metadata>Catalog.А</xr:Metadata><xr:Use>Use</xr:Use></xr:Item><xr:Item><xr:Metadata>Catalog.Б</xr:Metadata><xr:Use>DontUse</xr:Use></xr:Item></Content><AutoUse>Use</AutoUse></Properties>",
        "<name>О</name><type><types>String</types></type><content><metadata>Catalog.А</metadata><use>Use</use></content><content><metadata>Catalog.Б</metadata><use>DontUse</use></content>",
    );
    let Details::CommonAttribute { users, exceptions, is_automatic, .. } = &attribute.details else {
        panic!("an attribute has its details")
    };
    assert_eq!(
        (users.as_slice(), exceptions.len(), *is_automatic),
        (["Catalog.А".into()].as_slice(), 1, true)
    );
    check_same(
        ObjectKind::FunctionalOption,
        "<Properties><Name>О</Name><Location>Constant.К</Location><Content><xr:Object>Catalog.А</xr:Object></Content></Properties>",
        "<name>О</name><location>Constant.К</location><content>Catalog.А</content>",
    );
    check_same(
        ObjectKind::DocumentJournal,
        "<Properties><Name>Ж</Name><RegisteredDocuments><xr:Item>Document.Д</xr:Item></RegisteredDocuments></Properties><ChildObjects><Column uuid='2'><Properties><Name>К</Name><References><xr:Item>Document.Д.Attribute.К</xr:Item></References></Properties></Column></ChildObjects>",
        "<name>Ж</name><registeredDocuments>Document.Д</registeredDocuments><columns uuid='2'><name>К</name><references>Document.Д.Attribute.К</references></columns>",
    );
    let task = check_same(
        ObjectKind::Task,
        "<Properties><Name>З</Name><NumberType>Number</NumberType><NumberLength>9</NumberLength><Addressing>InformationRegister.И</Addressing></Properties><ChildObjects><AddressingAttribute uuid='2'><Properties><Name>А</Name></Properties></AddressingAttribute></ChildObjects>",
        "<name>З</name><numberLength>9</numberLength><addressing>InformationRegister.И</addressing><addressingAttributes uuid='2'><name>А</name></addressingAttributes>",
    );
    assert!(task.keys.is_code_number);
    let catalog = check_same(
        ObjectKind::Catalog,
        "<Properties><ObjectBelonging>Adopted</ObjectBelonging><Name>С</Name><Hierarchical>true</Hierarchical><HierarchyType>HierarchyFoldersAndItems</HierarchyType><Owners><xr:Item>Catalog.В</xr:Item></Owners></Properties>",
        "<name>С</name><objectBelonging>Adopted</objectBelonging><hierarchical>true</hierarchical><owners>Catalog.В</owners>",
    );
    assert!(catalog.is_adopted && catalog.keys.has_folders);
    assert!(!catalog.keys.is_code_unique && !catalog.keys.has_code_series_by_part);
    let catalog = check_same(
        ObjectKind::Catalog,
        "<Properties><Name>С</Name><CodeSeries>WithinSubordination</CodeSeries><CheckUnique>true</CheckUnique></Properties>",
        "<name>С</name><codeSeries>WithinSubordination</codeSeries><checkUnique>true</checkUnique>",
    );
    assert!(catalog.keys.is_code_unique && catalog.keys.has_code_series_by_part);
    let register = check_same(
        ObjectKind::InformationRegister,
        "<Properties><Name>Р</Name><InformationRegisterPeriodicity>Nonperiodical</InformationRegisterPeriodicity><WriteMode>Independent</WriteMode></Properties><ChildObjects><Dimension uuid='2'><Properties><Name>И</Name><DenyIncompleteValues>true</DenyIncompleteValues></Properties></Dimension></ChildObjects>",
        "<name>Р</name><dimensions uuid='2'><name>И</name><denyIncompleteValues>true</denyIncompleteValues></dimensions>",
    );
    assert!(register.dimensions[0].denies_incomplete_values);
}

#[test]
fn nested_subsystems_are_named_by_their_path() {
    let body = "<Properties><Name>В</Name></Properties>";
    let path = "cf/Subsystems/А/Subsystems/Б/Subsystems/В.xml";
    assert_eq!(read(Layout::Designer, ObjectKind::Subsystem, path, body).name, "А.Б.В");
    let path = "src/Subsystems/А/Subsystems/В/В.mdo";
    assert_eq!(read(Layout::Edt, ObjectKind::Subsystem, path, "<name>В</name>").name, "А.В");
    assert_eq!(read(Layout::Designer, ObjectKind::Subsystem, "Subsystems/В.xml", body).name, "В");
}

#[test]
fn a_file_of_another_kind_is_a_problem() {
    let text = "<MetaDataObject><Catalog/></MetaDataObject>";
    let path = Path::new("Documents/Х.xml");
    let (object, problems) = read_object(text.into(), Layout::Designer, ObjectKind::Document, path);
    assert_eq!((object.kind, object.name.as_str()), (ObjectKind::Document, "Х"));
    assert_eq!(problems[0].message, "the file does not describe an object of kind Document");
}
