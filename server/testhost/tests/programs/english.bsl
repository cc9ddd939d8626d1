//@ english: branches
Function Kind(Number)
	If Number < 0 Then
		Return "minus";
	ElsIf Number = 0 Then
		Return "zero";
	Else
		Return "plus";
	EndIf;
EndFunction
Message(Kind(-1) + Kind(0) + Kind(1));
//> minuszeroplus

//@ english: loops
Sum = 0;
For Index = 1 To 4 Do
	If Index = 3 Then
		Continue;
	EndIf;
	Sum = Sum + Index;
EndDo;
Message(Sum);
While True Do
	Break;
EndDo;
//> 7

//@ english: each
Items = New Array;
Items.Add("a");
Items.Add("b");
For Each Item In Items Do
	Message(Item);
EndDo;
//> a
//> b

//@ english: exceptions
Try
	Raise "oops";
Except
	Message(ErrorDescription());
	Info = ErrorInfo();
	Message(Info.Description + " " + Info.LineNumber);
EndTry;
//> {Тест(2)}: oops
//> oops 2

//@ english: detail description
Try
	Raise "oops";
Except
	Message(StrLineCount(DetailErrorDescription(ErrorInfo())));
	Message(ErrorProcessing.BriefErrorDescription(ErrorInfo()));
EndTry;
//> 2
//> oops

//@ english: parameters
Procedure Change(A, Val B)
	A = A + 1;
	B = B + 1;
EndProcedure
X = 1;
Y = 1;
Change(X, Y);
Message("" + X + Y);
//> 21

//@ english: variables and export
Var Total Export;
Procedure Increase() Export
	Total = Total + 1;
EndProcedure
Total = 0;
Increase();
Message(Total);
//> 1

//@ english: structure
S = New Structure("Name, Age", "Ann", 30);
S.Insert("City", "Perm");
Message(S.Name + S.Age + S.City + S.Count());
Value = Undefined;
Message(S.Property("Age", Value));
Message(Value);
S.Delete("Age");
Message(S.Property("Age"));
//> Ann30Perm3
//> Да
//> 30
//> Нет

//@ english: map
M = New Map;
M.Insert("a", 1);
M["b"] = 2;
Message(M.Get("a") + M["b"] + M.Count());
For Each Pair In M Do
	Message(Pair.Key + Pair.Value);
EndDo;
//> 5
//> a1
//> b2

//@ english: array
A = New Array(2);
A.Set(0, "x");
A.Insert(0, "y");
A.Delete(2);
Message(A.Count());
Message(A.UBound());
Message(A.Find("x"));
Message(A.Get(0));
//> 2
//> 1
//> 1
//> y

//@ english: strings
Message(Left("abc", 1) + Right("abc", 1) + Mid("abc", 2, 1));
Message(StrLen("abc") + StrFind("abc", "c"));
Message(Upper("a") + Lower("B") + TrimAll("  c "));
Message(StrReplace("a-b", "-", "+"));
Message(StrConcat(StrSplit("a,b", ","), ";"));
Message(StrTemplate("%1!", "hi"));
Message(NStr("ru = 'да'; en = 'yes'", "en"));
//> acb
//> 6
//> Abc
//> a+b
//> a;b
//> hi!
//> yes

//@ english: more strings
Message(StrStartsWith("abc", "ab"));
Message(StrEndsWith("abc", "bc"));
Message(IsBlankString("  "));
Message(Char(65) + CharCode("A"));
Message(StrOccurrenceCount("aba", "a"));
Message("a" + Chars.LF + "b");
//> Да
//> Да
//> Да
//> A65
//> 2
//> a
//> b

//@ english: numbers
Message(Round(2.5));
Message(Int(2.9));
Message(Max(1, 2) + Min(1, 2));
Message(Number("1.5"));
Message(Format(1234.5, "NFD=2; NG=0; NDS=."));
//> 3
//> 2
//> 3
//> 1,5
//> 1234.50

//@ english: dates
D = Date(2024, 5, 6);
Message(Year(D) - Month(D) - Day(D));
Message(BegOfMonth(D));
Message(EndOfDay(D));
Message(AddMonth(D, 1));
Message(WeekDay(D));
//> 2_013
//> 01.05.2024 0:00:00
//> 06.05.2024 23:59:59
//> 06.06.2024 0:00:00
//> 1

//@ english: types
Message(TypeOf(1) = Type("Number"));
Message(TypeOf(New Array) = Type("Массив"));
Message(ValueIsFilled(""));
//> Да
//> Да
//> Нет

//@ english: value table
T = New ValueTable;
T.Columns.Add("Name");
T.Columns.Add("Sum");
Row = T.Add();
Row.Name = "a";
Row.Sum = 1;
Row = T.Add();
Row.Name = "a";
Row.Sum = 2;
T.GroupBy("Name", "Sum");
Message(T.Count());
Message(T[0].Sum);
Message(T.Total("Sum"));
Message(T.Find("a", "Name").Sum);
Message(T.FindRows(New Structure("Name", "a")).Count());
T.Sort("Sum Desc");
Message(T.UnloadColumn("Name")[0]);
//> 1
//> 3
//> 3
//> 3
//> 1
//> a

//@ english: value list
L = New ValueList;
L.Add(2, "two");
L.Add(1, "one", True);
L.SortByValue();
Message(L[0].Presentation);
Message(L[0].Check);
Message(L.FindByValue(2).Presentation);
Message(L.UnloadValues().Count());
//> one
//> Да
//> two
//> 2

//@ english: value tree
T = New ValueTree;
T.Columns.Add("Name");
Top = T.Rows.Add();
Top.Name = "top";
Below = Top.Rows.Add();
Below.Name = "below";
Message(Below.Parent.Name);
Message(T.Rows[0].Rows.Count());
//> top
//> 1

//@ english: query
Q = New Query;
Q.Text = "SELECT T.A AS A, SUM(T.B) AS B FROM (SELECT 1 AS A, 2 AS B UNION ALL SELECT 1, 3) AS T GROUP BY T.A";
S = Q.Execute().Select();
While S.Next() Do
	Message("" + S.A + S.B);
EndDo;
//> 15

//@ english: query with parameters
Q = New Query("SELECT T.A FROM (SELECT 1 AS A UNION ALL SELECT 2) AS T WHERE T.A IN (&List) AND NOT T.A = &One ORDER BY A DESC");
List = New Array;
List.Add(1);
List.Add(2);
Q.SetParameter("List", List);
Q.SetParameter("One", 1);
Message(Q.Execute().Unload().UnloadColumn("A")[0]);
Message(Q.Execute().IsEmpty());
//> 2
//> Нет

//@ english: goto and labels
N = 0;
~Again:
N = N + 1;
If N < 3 Then
	Goto ~Again;
EndIf;
Message(N);
//> 3

//@ english: execute and eval
A = 1;
Execute("A = A + 1");
Message(Eval("A * 10"));
//> 20

//@ english: preprocessor
#If Server Then
Message("server");
#ElsIf Client Then
Message("client");
#EndIf
#Region Name
Message("region");
#EndRegion
//> server
//> region

//@ english: json
R = New JSONReader;
R.SetString("{""a"": [1, 2]}");
Message(ReadJSON(R).a[1]);
W = New JSONWriter;
W.SetString(New JSONWriterSettings(JSONLineBreak.None));
WriteJSON(W, New Structure("b", True));
Message(W.Close());
//> 2
//> {"b":true}

//@ english: enumerations
Message(Round(2.5, 0, RoundMode.Round15as10));
Message(StrFind("abab", "b", SearchDirection.FromEnd));
//> 2
//> 4

//@ english: fixed collections
A = New FixedArray(StrSplit("a,b", ","));
S = New FixedStructure("X", 5);
M = New FixedMap(New Map);
Message(A.Count() + S.X + M.Count());
//> 7

//@ english: transactions
BeginTransaction();
Message(TransactionActive());
RollbackTransaction();
Message(TransactionActive());
//> Да
//> Нет

//@ english: fill property values
A = New Structure("X, Y", 1, 2);
B = New Structure("X, Y", 0, 0);
FillPropertyValues(B, A, "X");
Message("" + B.X + B.Y);
//> 10

//@ смешанные слова двух языков
If Истина Then
	Сообщить("да");
КонецЕсли;
//> да
