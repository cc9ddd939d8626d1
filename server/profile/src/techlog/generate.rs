//! Journals that look like real ones and are the same in every run, for tests and for measuring the importer.

use std::io::{self, Write};

use super::moment::{HOUR_US, Moment};

/// What to write.
#[derive(Clone, Debug)]
pub struct GeneratorOptions {
    pub seed: u64,
    /// Bytes of one file; the last call is finished.
    pub file_bytes: u64,
    /// Puts something broken after every so many calls; zero for none.
    pub calls_per_problem: u64,
}

/// What the importer must find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    pub bytes: u64,
    pub events: u64,
    pub calls: u64,
    pub statements: u64,
    pub lock_waits: u64,
    pub errors: u64,
    /// Lines and events that are broken.
    pub problems: u64,
}

/// Writes journals of processes, hour by hour.
pub struct Generator {
    options: GeneratorOptions,
    random: u64,
    truth: Truth,
    text: Vec<u8>,
    /// Microseconds of the hour.
    clock: u64,
}

const OBJECTS: [&str; 12] = [
    "РеализацияТоваров",
    "ЗаказКлиента",
    "ПоступлениеТоваров",
    "ВозвратОтКлиента",
    "РасчетСебестоимости",
    "ПлатежноеПоручение",
    "ПеремещениеТоваров",
    "УстановкаЦен",
    "СборкаТоваров",
    "ОтчетОРозничныхПродажах",
    "ЗарплатаКВыплате",
    "АктСверки",
];
const MODULES: [&str; 16] = [
    "ЦеныСервер",
    "ЗапасыСервер",
    "ПродажиСервер",
    "ОбщегоНазначения",
    "ПроведениеСервер",
    "ВзаиморасчетыСервер",
    "УправлениеДоступом",
    "СкладыСервер",
    "НДСОбщегоНазначения",
    "ФинансыСервер",
    "ОбменДанными",
    "ХозрасчетныйСервер",
    "КомплектыСервер",
    "СерииСервер",
    "ПланированиеСервер",
    "ПочтаСервер",
];
const USERS: [&str; 8] =
    ["Иванов", "Петров", "Сидорова, М.", "Кузнецова", "Robot", "Орлов (склад)", "О''Нил", "Администратор"];

impl Generator {
    pub fn new(options: GeneratorOptions) -> Self {
        let random = options.seed.max(1);
        Self { options, random, truth: Truth::default(), text: Vec::new(), clock: 0 }
    }

    /// What was written so far.
    pub fn truth(&self) -> Truth {
        self.truth
    }

    /// Name of a file below the folder of journals: hours follow each other, several processes share them.
    pub fn file_name(number: u64, processes: u64) -> String {
        let processes = processes.max(1);
        let (process, hour) = (number % processes, number / processes);
        let start = Moment::of_hour(2026, 11, 20, 0).unwrap_or_default();
        let moment = Moment(start.0 + hour as i64 * HOUR_US).to_string();
        let digits: String = moment.chars().take(13).filter(char::is_ascii_digit).skip(2).collect();
        format!("rphost_{}/{digits}.log", 4120 + process * 16)
    }

    /// Writes one file.
    pub fn write_file(&mut self, output: &mut impl Write) -> io::Result<()> {
        self.clock = 1_000_000;
        let start = self.truth.bytes;
        self.text.extend_from_slice("\u{feff}".as_bytes());
        while self.truth.bytes - start < self.options.file_bytes {
            self.call();
            let every = self.options.calls_per_problem;
            if every > 0 && self.truth.calls.is_multiple_of(every) {
                self.problem();
            }
            output.write_all(&self.text)?;
            self.truth.bytes += self.text.len() as u64;
            self.text.clear();
        }
        Ok(())
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % limit.max(1)
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// A call of the server with its statements; every tenth repeats one of them.
    fn call(&mut self) {
        let (thread, session) = (7400 + self.below(24), 10 + self.below(40));
        let user = self.pick(&USERS);
        let object = self.pick(&OBJECTS);
        let start = self.clock;
        let who = format!(
            "process=rphost,p:processName=trade,OSThread={thread},t:clientID={},t:applicationName=1CV8C,t:computerName=ws-{:02},t:connectID={},SessionID={session},Usr='{user}',AppID=1CV8C",
            300 + thread,
            session % 30,
            40 + thread,
        );
        if self.below(10) == 0 {
            let (context, sql) = (self.context(object), self.statement());
            for _ in 0..20 + self.below(180) {
                self.database(&who, &context, &sql);
            }
        } else {
            for _ in 0..1 + self.below(12) {
                let (context, sql) = (self.context(object), self.statement());
                self.database(&who, &context, &sql);
            }
        }
        self.incident(&who, object);
        self.clock += 100 + self.below(20_000);
        let (head, number) = (self.head(self.clock - start), self.truth.calls);
        let processor = self.below(1_000_000);
        let (memory, peak, sent) = (self.below(1 << 20), self.below(1 << 24), self.below(1 << 16));
        let text = format!(
            "{head},CALL,0,level=INFO,{who},Interface=bc15bd01-10bf-413c-a856-ddc907fcd123,IName=IVResourceRemoteConnection,Method=0,CallID={number},MName=send,Memory={memory},MemoryPeak={peak},InBytes={sent},OutBytes=4096,CpuTime={processor},Context=Форма.Вызов : Документ.{object}.Форма.ФормаДокумента.Модуль.ПересчитатьНаСервере\r\n",
        );
        self.event(&text);
        self.truth.calls += 1;
    }

    fn database(&mut self, who: &str, context: &str, sql: &str) {
        self.clock += 300 + self.below(3000);
        let duration = 100 + self.below(250);
        let (rows, process, value) = (self.below(3), 9000 + self.below(40), self.below(1 << 40));
        let head = self.head(duration);
        let text = format!(
            "{head},DBPOSTGRS,4,{who},DBMS=DBPOSTGRS,DataBase=db1\\trade,Trans=0,dbpid={process},Sql='{sql}',Prm=\"\np_1: '\\\\001'::bytea\np_2: {value}\",RowsAffected={rows},Result=PGRES_TUPLES_OK,Context='{context}'\r\n",
        );
        self.event(&text);
        self.truth.statements += 1;
        if self.below(8) == 0 {
            let text = format!(
                "{},SDBL,3,{who},Trans=0,Sdbl='SELECT 1',Rows={rows},Context='{context}'\r\n",
                self.head(duration + 40),
            );
            self.event(&text);
        }
    }

    /// Locks and errors, now and then.
    fn incident(&mut self, who: &str, object: &str) {
        if self.below(6) == 0 {
            let context = self.context(object);
            let duration = self.below(900_000);
            self.clock += duration + 10;
            let (head, connection) = (self.head(duration), 10 + self.below(50));
            let text = format!(
                "{head},TLOCK,4,{who},DBMS=DBPOSTGRS,Regions=AccumRg56.DIMS,Locks='AccumRg56.DIMS Exclusive Fld57=21:a4077c8334bd084411f17006c7852299',WaitConnections={connection},Context='{context}'\r\n",
            );
            self.event(&text);
            self.truth.lock_waits += 1;
        }
        if self.below(20) == 0 {
            let text = format!(
                "{},EXCP,3,{who},Exception=580392e6-ba49-4280-ac67-fcd6f2180121,Descr='src\\Demo.cpp(10):\n{{ОбщийМодуль.ЦеныСервер.Модуль(45)}}: Значение не является значением объектного типа (Цена)',Context=\r\n",
                self.head(0),
            );
            self.event(&text);
            self.truth.errors += 1;
        }
    }

    /// One of the ways in which code is broken in the field.
    fn problem(&mut self) {
        let (text, count) = match self.below(4) {
            0 => ("мусор вне события\r\nеще одна строка\r\n", 2),
            1 => ("00:00.000001-5,DBPOSTGRS,4,Sql='не закрыт\r\n", 1),
            2 => ("00:00.000001-99999999999999999999999,CALL,0,Context=\r\n", 1),
            _ => ("00:00.000001-5,CONN,0,process=rphost,без знака равенства\r\n", 1),
        };
        self.text.extend_from_slice(text.as_bytes());
        self.truth.problems += count;
    }

    fn head(&self, duration: u64) -> String {
        // A file is an hour; what is longer starts again, as after a restart.
        let clock = self.clock % 3_600_000_000;
        format!("{:02}:{:02}.{:06}-{duration}", clock / 60_000_000, clock / 1_000_000 % 60, clock % 1_000_000)
    }

    fn event(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        self.truth.events += 1;
    }

    fn context(&mut self, object: &str) -> String {
        let mut text = format!(
            "Форма.Вызов : Документ.{object}.Форма.ФормаДокумента.Модуль.ПересчитатьНаСервере\r\nДокумент.{object}.Форма.ФормаДокумента.Форма : {} : ПересчитатьТовары(Объект.Товары, Объект.Дата);",
            80 + self.below(8),
        );
        for depth in 1..2 + self.below(6) as usize {
            let module = self.pick(&MODULES);
            let line = 10 + self.below(40);
            let tabs = "\t".repeat(depth);
            text += &format!(
                "\r\n{tabs}ОбщийМодуль.{module}.Модуль : {line} : Результат = ПолучитьДанные{line}(Строка.Номенклатура, ''опт'', Дата);"
            );
        }
        text
    }

    fn statement(&mut self) -> String {
        let table = 20 + self.below(60);
        let mut text = String::from("SELECT\nT1._IDRRef,\nT1._Version");
        for field in 0..3 + self.below(14) {
            text += &format!(",\nT1._Fld{}", table * 10 + field);
        }
        text += &format!(
            "\nFROM _Reference{table} T1\nLEFT OUTER JOIN _InfoRg{} T2\nON T1._IDRRef = T2._Fld{}RRef",
            table + 7,
            table
        );
        text += &format!(
            "\nWHERE ((T1._Fld{table} = CAST(0 AS NUMERIC))) AND (T1._IDRRef = $1) AND T2._Period <= ''2026-11-20 00:00:00''::timestamp\nLIMIT {}",
            1 + self.below(100)
        );
        text
    }
}
