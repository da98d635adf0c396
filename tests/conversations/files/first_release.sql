-- A store as the first release wrote it, which knew no migrations: one question answered, one waiting.
BEGIN TRANSACTION;
CREATE TABLE conversations (
	thread TEXT NOT NULL,
	channel TEXT NOT NULL,
	status TEXT NOT NULL,
	state BLOB,
	schema_version INTEGER NOT NULL,
	next_receipt INTEGER NOT NULL,
	turns INTEGER NOT NULL,
	questions INTEGER NOT NULL,
	model_calls INTEGER NOT NULL,
	prompt_tokens INTEGER NOT NULL,
	completion_tokens INTEGER NOT NULL,
	created FLOAT NOT NULL,
	opened FLOAT NOT NULL,
	updated FLOAT NOT NULL,
	PRIMARY KEY (thread)
);
INSERT INTO "conversations" VALUES('T1:C1:1.0','C1','open',X'789CAB56CA484D2C4A51B28A562ACFA854C82C56284F4D5248C92FCFB3578AAD05009DBE0A40',1,2,1,1,1,100,10,1700000001.0,1700000001.0,1764200000.0);
CREATE TABLE entries (
	id INTEGER NOT NULL,
	thread TEXT NOT NULL,
	turn INTEGER NOT NULL,
	speaker TEXT NOT NULL,
	text BLOB,
	tool TEXT,
	arguments BLOB,
	output BLOB,
	model_calls INTEGER NOT NULL,
	prompt_tokens INTEGER NOT NULL,
	completion_tokens INTEGER NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "entries" VALUES(1,'T1:C1:1.0',1,'U1',X'789C2BCFA854C82C56284F4D5248C92FCFB3070031E805CA',NULL,NULL,NULL,0,0,0);
INSERT INTO "entries" VALUES(2,'T1:C1:1.0',1,'kaia',X'789CF32C51282ACD2BD603000CA802D4',NULL,NULL,NULL,1,100,10);
CREATE TABLE notes (
	thread TEXT NOT NULL,
	name TEXT NOT NULL,
	value BLOB,
	updated FLOAT NOT NULL,
	PRIMARY KEY (thread, name)
);
INSERT INTO "notes" VALUES('','salt',X'789C0DC74701C0300800402F51C01E728010FF12DAFBDD8971ADDBB86B39F5A019D92357A332D0B408680C48E28A3AC308C3B39001CDFE7F3E4F2010DA',1764200000.0);
INSERT INTO "notes" VALUES('T1:C1:1.0','subject',X'789C532A4F4D52020004A00183',1764200000.0);
CREATE TABLE receipts (
	thread TEXT NOT NULL,
	number INTEGER NOT NULL,
	turn INTEGER NOT NULL,
	tool TEXT NOT NULL,
	command TEXT NOT NULL,
	verdict TEXT NOT NULL,
	exit_code INTEGER,
	output BLOB,
	note TEXT NOT NULL,
	started FLOAT NOT NULL,
	seconds FLOAT NOT NULL,
	bytes INTEGER DEFAULT 0 NOT NULL,
	redactions INTEGER DEFAULT 0 NOT NULL,
	PRIMARY KEY (thread, number)
);
INSERT INTO "receipts" VALUES('T1:C1:1.0',1,1,'kubectl','kubectl get pods','read',0,X'789C2B4F4DD23554082ACDCBCBCC4B07001EDD049E','',1764200000.0,0.5,13,0);
CREATE TABLE schema (
	version INTEGER NOT NULL
);
INSERT INTO "schema" VALUES(1);
CREATE TABLE turns (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL,
	thread TEXT NOT NULL,
	channel TEXT NOT NULL,
	kind TEXT NOT NULL,
	status TEXT DEFAULT 'waiting' NOT NULL,
	attempt INTEGER DEFAULT '0' NOT NULL,
	crashes INTEGER DEFAULT '0' NOT NULL,
	owner TEXT,
	stop BOOLEAN DEFAULT 0 NOT NULL,
	received FLOAT NOT NULL,
	not_before FLOAT DEFAULT 0 NOT NULL,
	started FLOAT,
	finished FLOAT,
	posted_ts TEXT,
	payload TEXT NOT NULL,
	conclusion TEXT,
	UNIQUE (id)
);
INSERT INTO "turns" VALUES(1,'message:T1:C1:1.0','T1:C1:1.0','C1','talk','done',1,0,'old',0,1700000001.0,0.0,1764200000.0,1764200000.0,'1.5','',NULL);
INSERT INTO "turns" VALUES(2,'message:T1:C1:2.0','T1:C1:1.0','C1','talk','waiting',0,0,NULL,0,1700000002.0,0.0,NULL,NULL,NULL,'{"id":"message:T1:C1:2.0","thread":{"team":"T1","channel":"C1","ts":"1.0"},"ts":"2.0","speaker":"U1","speaker_name":"Ann","text":"and now?","addressed":true,"received":1700000002.0}',NULL);
CREATE UNIQUE INDEX turns_running ON turns (thread) WHERE status = 'running';
CREATE INDEX turns_live ON turns (thread, seq) WHERE status in ('waiting','running');
CREATE INDEX turns_finished ON turns (finished) WHERE finished is not null;
CREATE INDEX entries_thread ON entries (thread, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('turns',2);
COMMIT;
