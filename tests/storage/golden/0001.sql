BEGIN TRANSACTION;
CREATE TABLE addresses (
	id INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	account VARCHAR NOT NULL, 
	chat VARCHAR NOT NULL, 
	person_id INTEGER, 
	is_group BOOLEAN NOT NULL, 
	is_blocked BOOLEAN NOT NULL, 
	blocked_reason VARCHAR NOT NULL, 
	guesses INTEGER NOT NULL, 
	guesses_since DATETIME, 
	greeted_at DATETIME, 
	heard_at DATETIME NOT NULL, 
	last_item_id INTEGER NOT NULL, 
	CONSTRAINT pk_addresses PRIMARY KEY (id), 
	CONSTRAINT fk_addresses_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "addresses" VALUES(1,'test','bot','lan',1,0,0,'',0,NULL,NULL,'2026-11-21 02:00:00.000000',22);
INSERT INTO "addresses" VALUES(2,'test','bot','hung',2,0,0,'',0,NULL,NULL,'2026-11-21 02:00:00.000000',23);
INSERT INTO "addresses" VALUES(3,'test','bot','mai',3,0,0,'',0,NULL,NULL,'2026-11-21 02:00:00.000000',19);
INSERT INTO "addresses" VALUES(4,'test','bot','minh',4,0,0,'',0,NULL,NULL,'2026-11-21 02:00:00.000000',0);
INSERT INTO "addresses" VALUES(5,'test','bot','oanh',5,0,0,'',0,NULL,NULL,'2026-11-21 02:00:00.000000',20);
INSERT INTO "addresses" VALUES(6,'test','bot','cuc',6,0,0,'',0,NULL,NULL,'2026-11-21 02:00:00.000000',14);
INSERT INTO "addresses" VALUES(7,'test','bot','tam',NULL,0,0,'',0,NULL,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000',21);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE aliases (
	unit_id INTEGER NOT NULL, 
	folded VARCHAR NOT NULL, 
	alias VARCHAR NOT NULL, 
	CONSTRAINT pk_aliases PRIMARY KEY (unit_id, folded), 
	CONSTRAINT fk_aliases_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "aliases" VALUES(4,'thon dong','thôn Đông');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	changed_at VARCHAR NOT NULL, 
	person_id INTEGER, 
	item_id INTEGER, 
	what VARCHAR NOT NULL, 
	unit_id INTEGER, 
	candidate_id INTEGER, 
	entry INTEGER, 
	facts VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',1,NULL,NULL,'{"kind": "superior", "parent": null}','69de2becd95bcc5050df3e9b10c5e6f28dac4957ea2c2da1797e7c9514bfe2a4');
INSERT INTO "audit" VALUES(2,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',2,NULL,NULL,'{"kind": "grassroots", "parent": 1}','fcbbad244b8fc0281ba6a2199cd50e4959a0e08f3870f65d6f79c37e25b9fc14');
INSERT INTO "audit" VALUES(3,'2026-11-21T02:00:00+00:00',NULL,NULL,'members_set',2,NULL,NULL,'{"count": 235, "day": "2026-01-01"}','7cf8f0727b9daf85312ee912bef475b0095defd829c8f8997c27cc5dc1eafd55');
INSERT INTO "audit" VALUES(4,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',3,NULL,NULL,'{"kind": "grassroots", "parent": 1}','a30464b28fca612163a5291f1aa5794cac3945e6f69a4c83884574ad48bd5b6f');
INSERT INTO "audit" VALUES(5,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',4,NULL,NULL,'{"kind": "branch", "parent": 2}','abffbb8e4c1318b800d75cc049845bbb19c6c31d6b4994f6d9fadd9e65b6ec85');
INSERT INTO "audit" VALUES(6,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',5,NULL,NULL,'{"kind": "branch", "parent": 2}','26d6f1c558c97ea70ec9dd941faf67a3b398f3749b519a6388b17b868a75effd');
INSERT INTO "audit" VALUES(7,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',6,NULL,NULL,'{"kind": "branch", "parent": 2}','fcec393a11c3da3cb6f730aa65e0fc02df4676e879feed55742a942f66904f7f');
INSERT INTO "audit" VALUES(8,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',7,NULL,NULL,'{"kind": "branch", "parent": 2}','60fb53071a27c118a06b541b87de52f646f958eff32af2f3eeab29ba0ee17459');
INSERT INTO "audit" VALUES(9,'2026-11-21T02:00:00+00:00',NULL,NULL,'unit_added',8,NULL,NULL,'{"kind": "branch", "parent": 3}','79cc86cf125be885462af20d192f37f65159640f1cb4212a6fd1b2b374262a0e');
INSERT INTO "audit" VALUES(10,'2026-11-21T02:00:00+00:00',NULL,NULL,'quota_set',2,NULL,NULL,'{"period": "2026", "quota": 1, "replaces": null}','013b4339bed58d4e689db1fef80bca6f3eaf2a3b6775389a4dc72a0ea3c6d498');
INSERT INTO "audit" VALUES(11,'2026-11-21T02:00:00+00:00',NULL,NULL,'quota_set',4,NULL,NULL,'{"period": "2026", "quota": 2, "replaces": null}','a7eeb02ed95c32d99c894601ca93c1fe51808ced509e005d6d4c8480f720d782');
INSERT INTO "audit" VALUES(12,'2026-11-21T02:00:00+00:00',NULL,NULL,'quota_set',5,NULL,NULL,'{"period": "2026", "quota": 3, "replaces": null}','09e7fd578158f01ace5a3fafa162f5fa292f08a526460dd14ceccdbefd23b930');
INSERT INTO "audit" VALUES(13,'2026-11-21T02:00:00+00:00',NULL,NULL,'quota_set',8,NULL,NULL,'{"period": "2026", "quota": 4, "replaces": null}','ef561a4e822617069d41bb7a30717645b779f0e9744be87fc1decfdd4ee558ea');
INSERT INTO "audit" VALUES(14,'2026-11-21T02:00:00+00:00',NULL,NULL,'person_added',NULL,NULL,NULL,'{"person": 1}','94d41f42e3f6307525d91a9312bbdc60a43437dab7acc1643adf7ae42e2ac75e');
INSERT INTO "audit" VALUES(15,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',4,NULL,NULL,'{"person": 1, "role": "secretary"}','c5ac05447141b7ef559bca155c5664409b42150844575588c55793234d8f449f');
INSERT INTO "audit" VALUES(16,'2026-11-21T02:00:00+00:00',NULL,NULL,'person_added',NULL,NULL,NULL,'{"person": 2}','4f8210fb752956ff79a8d81d9b0f61aed33f012d38153e8df74f00d7af6f8005');
INSERT INTO "audit" VALUES(17,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',5,NULL,NULL,'{"person": 2, "role": "secretary"}','e724bd78d7bd8e43ab8a2115ec0620c34b6471a9902f7518cd1f14b575fa9b66');
INSERT INTO "audit" VALUES(18,'2026-11-21T02:00:00+00:00',NULL,NULL,'person_added',NULL,NULL,NULL,'{"person": 3}','674f6da1840028f02c4bf4297295dc5c80eb3ea710d9727f63264e2905c704e7');
INSERT INTO "audit" VALUES(19,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',2,NULL,NULL,'{"person": 3, "role": "committee"}','ee349dc07f5e33f06739107edf38002029c90557deeba616a7a74d5bc42c69d8');
INSERT INTO "audit" VALUES(20,'2026-11-21T02:00:00+00:00',NULL,NULL,'person_added',NULL,NULL,NULL,'{"person": 4}','00f61268265ef0cb3969b9c7cc28730f7e8f743a692d16589292445eb98d2b40');
INSERT INTO "audit" VALUES(21,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',4,NULL,NULL,'{"person": 4, "role": "monitor"}','876413c80f79c98a45eae46895de3e404b8c28f5ca1d2c1534a43f66176d4a26');
INSERT INTO "audit" VALUES(22,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',5,NULL,NULL,'{"person": 4, "role": "monitor"}','f8c3dc3dddc6cf0b88f338a72f46976b7c502e71dae4c3fec75c024d1d95985b');
INSERT INTO "audit" VALUES(23,'2026-11-21T02:00:00+00:00',NULL,NULL,'person_added',NULL,NULL,NULL,'{"person": 5}','16d2df098f8d077b3ea56081f2e0c490b63943e5aeac5e7746aec679a90efee0');
INSERT INTO "audit" VALUES(24,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',1,NULL,NULL,'{"person": 5, "role": "organiser"}','9bc858315475494762e088ff3c23fe9a7ac50e5ab10dfbf17d86ba18da8bed6f');
INSERT INTO "audit" VALUES(25,'2026-11-21T02:00:00+00:00',NULL,NULL,'person_added',NULL,NULL,NULL,'{"person": 6}','356f8c133c04e9a2da0c40a75e7111670e676b0b4dfb892563557a2cfb9fa6c8');
INSERT INTO "audit" VALUES(26,'2026-11-21T02:00:00+00:00',NULL,NULL,'post_given',8,NULL,NULL,'{"person": 6, "role": "secretary"}','9c04885bae7f0b81d91953e9904a0c99add82c0d082322d754d16bb65b1627c9');
INSERT INTO "audit" VALUES(27,'2026-11-21T02:00:00+00:00',1,1,'candidate_added',4,5664022991368286,NULL,'{"stage": "listed", "standing": "draft"}','b87e8f83853cdace863aae1c8849991a0e3866e4a90237f7f55301c89832720d');
INSERT INTO "audit" VALUES(28,'2026-11-21T02:00:00+00:00',1,2,'candidate_changed',4,5664022991368286,NULL,'{"before": "listed", "fields": "consent_at consent_by consent_wording stage stage_on standing", "stage": "admitted"}','7a2c4e7fb4bbd4944ef01b0c8d0b6ad7b63a906170e5ebfa65e0c649dc8d052d');
INSERT INTO "audit" VALUES(29,'2026-11-21T02:00:00+00:00',1,2,'entry_made',4,5664022991368286,1,'{"kind": "admission", "replaces": null}','17ab0472b2e7f2198a90f9bc4ff6ef6399c2bcae770ab211ccc8c4205f7ab282');
INSERT INTO "audit" VALUES(30,'2026-11-21T02:00:00+00:00',1,3,'candidate_added',4,3527876060420936,NULL,'{"stage": "listed", "standing": "draft"}','403e4d81643e60c667000cc3342b56d2bc19403b05e1d0a6387956f5b349a474');
INSERT INTO "audit" VALUES(31,'2026-11-21T02:00:00+00:00',1,4,'candidate_changed',4,3527876060420936,NULL,'{"before": "listed", "fields": "consent_at consent_by consent_wording stage_on standing", "stage": "listed"}','6d5b4930494a53d8e0fa156865a11efa07c977f928833143c53518a12b806c7c');
INSERT INTO "audit" VALUES(32,'2026-11-21T02:00:00+00:00',1,6,'candidate_changed',4,3527876060420936,NULL,'{"before": "listed", "fields": "stage stage_on", "stage": "decided"}','308640b9dec298b42b434f1a2cf6f73984c2aa087b1246971bc3d419b08df175');
INSERT INTO "audit" VALUES(33,'2026-11-21T02:00:00+00:00',1,6,'entry_made',4,3527876060420936,2,'{"kind": "admission", "replaces": null}','0eca19b14b01d66188803a97963eb6dc4cfa41e737bc76ec982c48c7dfae3df6');
INSERT INTO "audit" VALUES(34,'2026-11-21T02:00:00+00:00',2,7,'candidate_added',5,1275303610545974,NULL,'{"stage": "listed", "standing": "draft"}','dbf096ce9f5fc0385e926ecb8f69a5796aa96d12dcbd2df06089d0c75b517b5f');
INSERT INTO "audit" VALUES(35,'2026-11-21T02:00:00+00:00',2,8,'candidate_changed',5,1275303610545974,NULL,'{"before": "listed", "fields": "consent_at consent_by consent_wording stage stage_on standing", "stage": "admitted"}','ce495e4492d7ab1a3156caf4a307f1444b7eb8c5d7e82ed4b3f41cfb4eaf4eeb');
INSERT INTO "audit" VALUES(36,'2026-11-21T02:00:00+00:00',2,8,'entry_made',5,1275303610545974,3,'{"kind": "admission", "replaces": null}','69139a6093e1f1f96287323ba4d702a3396bc1223520d978fb15dc0c80ffaf93');
INSERT INTO "audit" VALUES(37,'2026-11-21T02:00:00+00:00',2,9,'looked',5,NULL,NULL,'{"count": 1, "view": "entry"}','f9442c625feb764dae25eaa478b13a356bb4c5a2994e6104ebdbb1f16df82f58');
INSERT INTO "audit" VALUES(38,'2026-11-21T02:00:00+00:00',2,10,'candidate_changed',5,1275303610545974,NULL,'{"before": "admitted", "fields": "stage_on", "stage": "admitted"}','67c34115f87ad8ea89f55d4b5766969ff88aed45a44b3dcabab436867c1f8cab');
INSERT INTO "audit" VALUES(39,'2026-11-21T02:00:00+00:00',2,10,'entry_corrected',5,1275303610545974,4,'{"kind": "admission", "replaces": 3}','c4df7d694c87c2f971367f0a0b314a2c72ae946d7e0e2b566ec986d59afbc65a');
INSERT INTO "audit" VALUES(40,'2026-11-21T02:00:00+00:00',6,11,'candidate_added',8,7333019788917349,NULL,'{"stage": "listed", "standing": "draft"}','c97494b755628bb114592f24d839fa531911a4dea2b519debe4ac2d2ee4493aa');
INSERT INTO "audit" VALUES(41,'2026-11-21T02:00:00+00:00',6,12,'candidate_changed',8,7333019788917349,NULL,'{"before": "listed", "fields": "consent_at consent_by consent_wording stage stage_on standing", "stage": "admitted"}','2b56af6996c88beb0b39e25a457c66599dbab1b8ac1719e65cded257929e2a9a');
INSERT INTO "audit" VALUES(42,'2026-11-21T02:00:00+00:00',6,12,'entry_made',8,7333019788917349,5,'{"kind": "admission", "replaces": null}','3465e1cb3cd24d860439f1d350fe0a684de596958dd107d3af75676c268ddc82');
INSERT INTO "audit" VALUES(43,'2026-11-21T02:00:00+00:00',6,13,'entry_undone',8,7333019788917349,5,'{"kind": "admission"}','fb1bed10d1eef069726c0d817397bd19cd985e852eab7bdb79dd8f11aa36e69d');
INSERT INTO "audit" VALUES(44,'2026-11-21T02:00:00+00:00',1,15,'entry_made',4,NULL,6,'{"kind": "nothing", "replaces": null}','c960e930aca26ac444e6b086f1d260a15c75d96d20af780223104ef6d58d7631');
INSERT INTO "audit" VALUES(45,'2026-11-21T02:00:00+00:00',3,17,'quota_set',4,NULL,NULL,'{"period": "2027", "quota": 5, "replaces": null}','bf0c4f1859cb5b1319de8c0f2758eb045995423905550e8edf4dea2094867252');
INSERT INTO "audit" VALUES(46,'2026-11-21T02:00:00+00:00',3,19,'letter_planned',5,NULL,NULL,'{"person": 2, "rule": "nudge"}','4068f564020d3eccc9df8a843545e9266e7fe854394dc6cdca50dd0540b64595');
INSERT INTO "audit" VALUES(47,'2026-11-21T02:00:00+00:00',5,20,'invite_made',6,NULL,NULL,'{"invite": 1, "role": "secretary"}','cf54d48bc94558ee7fc8a613f6f49b54720608a6d35528c82c1924b1501275ed');
INSERT INTO "audit" VALUES(48,'2026-11-21T02:00:00+00:00',1,22,'candidate_added',4,1875156768326961,NULL,'{"stage": "listed", "standing": "draft"}','7b71e8d251b7ad760fc7f52dacda1a614971ecf99501fbad9cb58c0feb9e04e9');
CREATE TABLE candidates (
	id INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	stage_on DATE, 
	certificate_on DATE, 
	birth_year INTEGER, 
	birth_month INTEGER, 
	gender VARCHAR, 
	ethnicity VARCHAR, 
	job VARCHAR, 
	youth_union BOOLEAN, 
	label VARCHAR NOT NULL, 
	standing VARCHAR NOT NULL, 
	drop_reason VARCHAR, 
	consent_by INTEGER, 
	consent_at DATETIME, 
	consent_wording VARCHAR NOT NULL, 
	distinguisher INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_candidates PRIMARY KEY (id), 
	CONSTRAINT fk_candidates_consent_by FOREIGN KEY(consent_by) REFERENCES people (id), 
	CONSTRAINT fk_candidates_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "candidates" VALUES(1275303610545974,5,'Giàng Thị Sua','giang thi sua','admitted','2026-09-03',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','live',NULL,2,'2026-11-21 02:00:00.000000','2026-11',0,2,'2026-11-21 02:00:00.000000');
INSERT INTO "candidates" VALUES(1875156768326961,4,'Phàn Tả Mẩy','phan ta may','listed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','draft',NULL,NULL,NULL,'',0,0,'2026-11-21 02:00:00.000000');
INSERT INTO "candidates" VALUES(3527876060420936,4,'Vàng A Dế','vang a de','decided','2026-11-16',NULL,1999,NULL,NULL,NULL,NULL,NULL,'','live',NULL,1,'2026-11-21 02:00:00.000000','2026-11',0,2,'2026-11-21 02:00:00.000000');
INSERT INTO "candidates" VALUES(5664022991368286,4,'Lò Thị Mận','lo thi man','admitted','2026-10-15',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','live',NULL,1,'2026-11-21 02:00:00.000000','2026-11',0,1,'2026-11-21 02:00:00.000000');
INSERT INTO "candidates" VALUES(7333019788917349,8,'Tẩn Mìn Quang','tan min quang','listed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','live',NULL,6,'2026-11-21 02:00:00.000000','2026-11',0,2,'2026-11-21 02:00:00.000000');
CREATE TABLE counters (
	unit_id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	fact VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	amount INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (unit_id, month, fact, code), 
	CONSTRAINT fk_counters_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "counters" VALUES(2,'2026-10-01','ceremony','',1);
INSERT INTO "counters" VALUES(4,'2026-10-01','ceremony','',1);
INSERT INTO "counters" VALUES(2,'2026-11-01','decision','waiting',1);
INSERT INTO "counters" VALUES(4,'2026-11-01','decision','waiting',1);
INSERT INTO "counters" VALUES(2,'2026-09-01','ceremony','',1);
INSERT INTO "counters" VALUES(5,'2026-09-01','ceremony','',1);
INSERT INTO "counters" VALUES(3,'2026-11-01','ceremony','',0);
INSERT INTO "counters" VALUES(8,'2026-11-01','ceremony','',0);
INSERT INTO "counters" VALUES(2,'2026-08-01','nothing','',1);
INSERT INTO "counters" VALUES(4,'2026-08-01','nothing','',1);
CREATE TABLE entries (
	number INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	unit_id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	author_id INTEGER, 
	item_id INTEGER, 
	made_at DATETIME NOT NULL, 
	candidate_id INTEGER, 
	ceremony_on DATE, 
	decision_on DATE, 
	decision_no VARCHAR NOT NULL, 
	month DATE, 
	amount INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	replaces INTEGER, 
	replaced_by INTEGER, 
	prior_stage VARCHAR, 
	prior_stage_on DATE, 
	later_stage VARCHAR, 
	later_stage_on DATE, 
	digest BLOB, 
	CONSTRAINT pk_entries PRIMARY KEY (number), 
	CONSTRAINT fk_entries_author_id FOREIGN KEY(author_id) REFERENCES people (id), 
	CONSTRAINT fk_entries_candidate_id FOREIGN KEY(candidate_id) REFERENCES candidates (id), 
	CONSTRAINT fk_entries_replaced_by FOREIGN KEY(replaced_by) REFERENCES entries (number), 
	CONSTRAINT fk_entries_replaces FOREIGN KEY(replaces) REFERENCES entries (number), 
	CONSTRAINT fk_entries_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "entries" VALUES(1,'admission',4,'/2/4/',1,2,'2026-11-21 02:00:00.000000',5664022991368286,'2026-10-15',NULL,'',NULL,1,'live',NULL,NULL,'listed',NULL,NULL,NULL,X'8E68C82485DD04CC0BA0BB3A8463531D');
INSERT INTO "entries" VALUES(2,'admission',4,'/2/4/',1,6,'2026-11-21 02:00:00.000000',3527876060420936,NULL,'2026-11-16','88',NULL,1,'live',NULL,NULL,'listed','2026-11-21',NULL,NULL,X'6DBEB7733FEB56A7D033B8C3DCCDB914');
INSERT INTO "entries" VALUES(3,'admission',5,'/2/5/',2,8,'2026-11-21 02:00:00.000000',1275303610545974,'2026-09-02',NULL,'',NULL,1,'replaced',NULL,4,'listed',NULL,NULL,NULL,X'D2399A60580D1BD3E8755D4477755E3F');
INSERT INTO "entries" VALUES(4,'admission',5,'/2/5/',2,10,'2026-11-21 02:00:00.000000',1275303610545974,'2026-09-03',NULL,'',NULL,1,'live',3,NULL,'listed',NULL,NULL,NULL,X'E93FED1E9904F8E669EF3B0FCC0EB3C2');
INSERT INTO "entries" VALUES(5,'admission',8,'/3/8/',6,12,'2026-11-21 02:00:00.000000',7333019788917349,'2026-11-01',NULL,'',NULL,1,'undone',NULL,NULL,'listed',NULL,'admitted','2026-11-01',X'08616700D741A2DBEACB2C99C0FD9FC0');
INSERT INTO "entries" VALUES(6,'nothing',4,'/2/4/',1,15,'2026-11-21 02:00:00.000000',NULL,NULL,NULL,'','2026-08-01',1,'live',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE heard (
	"key" VARCHAR NOT NULL, 
	heard_at DATETIME NOT NULL, 
	CONSTRAINT pk_heard PRIMARY KEY ("key")
);
INSERT INTO "heard" VALUES('test:bot:1','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:2','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:3','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:4','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:5','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:6','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:7','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:8','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:9','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:10','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:11','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:12','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:13','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:14','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:15','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:16','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:17','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:18','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:19','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:20','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:21','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:22','2026-11-21 02:00:00.000000');
INSERT INTO "heard" VALUES('test:bot:23','2026-11-21 02:00:00.000000');
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	sender VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	pressed VARCHAR NOT NULL, 
	message_id VARCHAR NOT NULL, 
	is_group BOOLEAN NOT NULL, 
	code VARCHAR NOT NULL, 
	marks JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	reference VARCHAR NOT NULL, 
	heard_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT fk_inbox_contact_id FOREIGN KEY(contact_id) REFERENCES addresses (id)
);
INSERT INTO "inbox" VALUES(1,1,'test:bot:1','lan','text','kết nạp Lò Thị Mận 15/10','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(2,1,'test:bot:2','lan','press','','1:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(3,1,'test:bot:3','lan','text','bổ sung nguồn Vàng A Dế 1999 nông dân','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(4,1,'test:bot:4','lan','press','','3:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(5,1,'test:bot:5','lan','text','QĐ kết nạp số 88 ngày 16/11 cho Vàng A Dế, chưa làm lễ','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(6,1,'test:bot:6','lan','press','','5:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(7,2,'test:bot:7','hung','text','kết nạp Giàng Thị Sua 2/9','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(8,2,'test:bot:8','hung','press','','7:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(9,2,'test:bot:9','hung','text','sửa lại ngày là 3/9','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(10,2,'test:bot:10','hung','press','','9:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(11,6,'test:bot:11','cuc','text','kết nạp Tẩn Mìn Quang 1/11','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(12,6,'test:bot:12','cuc','press','','11:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(13,6,'test:bot:13','cuc','text','bỏ cái vừa rồi','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(14,6,'test:bot:14','cuc','press','','12:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(15,1,'test:bot:15','lan','text','tháng 8 không có ai','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(16,3,'test:bot:16','mai','text','giao chỉ tiêu 2027: Chi bộ thôn 1: 2','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(17,3,'test:bot:17','mai','press','','16:1','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(18,5,'test:bot:18','oanh','text','/tiendo','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(19,3,'test:bot:19','mai','text','/nhac B2','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(20,5,'test:bot:20','oanh','text','/moi bí thư Chi bộ trường THCS','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(21,7,'test:bot:21','tam','text','xin chào','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(22,1,'test:bot:22','lan','text','kết nạp Phàn Tả Mẩy 20/10','','',0,'','[]','done',1,'','2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000');
INSERT INTO "inbox" VALUES(23,2,'test:bot:23','hung','text','còn mấy chỉ tiêu','','',0,'','[]','waiting',0,'','2026-11-21 02:00:00.000000',NULL);
CREATE TABLE invites (
	id INTEGER NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	unit_id INTEGER, 
	person_id INTEGER, 
	inviter_id INTEGER, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	used_by INTEGER, 
	CONSTRAINT pk_invites PRIMARY KEY (id), 
	CONSTRAINT fk_invites_inviter_id FOREIGN KEY(inviter_id) REFERENCES people (id), 
	CONSTRAINT fk_invites_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_invites_unit_id FOREIGN KEY(unit_id) REFERENCES units (id), 
	CONSTRAINT fk_invites_used_by FOREIGN KEY(used_by) REFERENCES addresses (id), 
	CONSTRAINT uq_invites_fingerprint UNIQUE (fingerprint)
);
INSERT INTO "invites" VALUES(1,'090b52dcc6420cf14b88070ea78a596243a7bef1dca640679f3d017d13dcfdd9','secretary',6,NULL,5,'2026-11-21 02:00:00.000000','2026-11-28 02:00:00.000000',NULL,NULL);
CREATE TABLE lanes (
	contact_id INTEGER NOT NULL, 
	owner VARCHAR, 
	lease_until DOUBLE NOT NULL, 
	CONSTRAINT pk_lanes PRIMARY KEY (contact_id), 
	CONSTRAINT fk_lanes_contact_id FOREIGN KEY(contact_id) REFERENCES addresses (id)
);
INSERT INTO "lanes" VALUES(1,NULL,1.79531789246446251868e+09);
INSERT INTO "lanes" VALUES(2,NULL,1.7953178864696414471e+09);
INSERT INTO "lanes" VALUES(3,NULL,1.79531789152800631522e+09);
INSERT INTO "lanes" VALUES(5,NULL,1.79531789193042874341e+09);
INSERT INTO "lanes" VALUES(6,NULL,1.79531789019502925871e+09);
INSERT INTO "lanes" VALUES(7,NULL,1.79531789203196859359e+09);
CREATE TABLE leases (
	name VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	lease_until DOUBLE NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
CREATE TABLE members (
	unit_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	amount INTEGER NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (unit_id, day), 
	CONSTRAINT fk_members_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "members" VALUES(2,'2026-01-01',235);
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('salt','53a1d7cce63a67040b3f4114ec90cd1013a242441e25cd0695d2fcd1bacfc311');
INSERT INTO "meta" VALUES('audit_head','7b71e8d251b7ad760fc7f52dacda1a614971ecf99501fbad9cb58c0feb9e04e9');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	contact_id INTEGER, 
	person_id INTEGER, 
	item_id INTEGER, 
	question_id INTEGER, 
	body JSON, 
	rule VARCHAR NOT NULL, 
	unit_id INTEGER, 
	period VARCHAR NOT NULL, 
	step INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	not_before DATETIME, 
	attempts INTEGER NOT NULL, 
	owner VARCHAR, 
	lease_until DOUBLE NOT NULL, 
	heard_before INTEGER NOT NULL, 
	claimed_at DATETIME, 
	is_repeat BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	message_id VARCHAR NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_contact_id FOREIGN KEY(contact_id) REFERENCES addresses (id), 
	CONSTRAINT fk_outbox_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_outbox_question_id FOREIGN KEY(question_id) REFERENCES questions (id), 
	CONSTRAINT fk_outbox_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "outbox" VALUES(1,'reply',1,1,1,1,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790085093450543e+09,1,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','1');
INSERT INTO "outbox" VALUES(2,'reply',1,1,2,2,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790092678356172e+09,2,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','2');
INSERT INTO "outbox" VALUES(3,'reply',1,1,3,3,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790096532249453e+09,3,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','3');
INSERT INTO "outbox" VALUES(4,'reply',1,1,4,4,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790099856948853e+09,4,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','4');
INSERT INTO "outbox" VALUES(5,'reply',1,1,5,5,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790103409457206e+09,5,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','5');
INSERT INTO "outbox" VALUES(6,'reply',1,1,6,6,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790107144069673e+09,6,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','6');
INSERT INTO "outbox" VALUES(7,'reply',2,2,7,7,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790110626769067e+09,7,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','7');
INSERT INTO "outbox" VALUES(8,'reply',2,2,8,8,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790114931726455e+09,8,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','8');
INSERT INTO "outbox" VALUES(9,'reply',2,2,9,9,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790127169203763e+09,9,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','9');
INSERT INTO "outbox" VALUES(10,'reply',2,2,10,10,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790147364449499e+09,10,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','10');
INSERT INTO "outbox" VALUES(11,'reply',6,6,11,11,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.7953179016064639091e+09,11,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','11');
INSERT INTO "outbox" VALUES(12,'reply',6,6,12,12,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790177960872646e+09,12,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','12');
INSERT INTO "outbox" VALUES(13,'reply',6,6,13,13,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790364140748979e+09,13,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','13');
INSERT INTO "outbox" VALUES(14,'reply',6,6,14,14,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790520944404599e+09,14,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','14');
INSERT INTO "outbox" VALUES(15,'reply',1,1,15,15,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790533151698109e+09,15,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','15');
INSERT INTO "outbox" VALUES(16,'reply',3,3,16,16,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790551081752772e+09,16,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','16');
INSERT INTO "outbox" VALUES(17,'reply',3,3,17,17,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790621622800831e+09,17,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','17');
INSERT INTO "outbox" VALUES(18,'reply',5,5,18,18,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790639999532703e+09,18,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','18');
INSERT INTO "outbox" VALUES(19,'letter',NULL,2,NULL,NULL,'{"lines": [[{"text": "\u0110\u1ed3ng ch\u00ed ", "bold": false}, {"person_id": 3}, {"text": " nh\u1edd nh\u1eafc: Chi b\u1ed9 th\u00f4n 2 c\u1eadp nh\u1eadt t\u00ecnh h\u00ecnh k\u1ebft n\u1ea1p v\u00e0 ngu\u1ed3n gi\u00fap.", "bold": false}], [{"text": "C\u00f3 g\u00ec m\u1edbi th\u00ec g\u00f5 m\u1ed9t c\u00e2u, v\u00ed d\u1ee5: k\u1ebft n\u1ea1p Nguy\u1ec5n V\u0103n A 15/10", "bold": false}]], "choices": [{"label": "Th\u00e1ng 11/2026 kh\u00f4ng c\u00f3 g\u00ec m\u1edbi", "says": "th\u00e1ng 11/2026 kh\u00f4ng c\u00f3 g\u00ec m\u1edbi \u1edf Chi b\u1ed9 th\u00f4n 2", "candidate_id": null}, {"label": "Xem ti\u1ebfn \u0111\u1ed9", "says": "/tiendo", "candidate_id": null}], "menu": false, "attachment": null, "sheet": null}','nudge',5,'',0,'planned','','2026-11-23 00:30:00.000000',0,NULL,0.0,0,NULL,0,'2026-11-21 02:00:00.000000',NULL,'');
INSERT INTO "outbox" VALUES(20,'reply',3,3,19,NULL,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790653080916401e+09,19,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','19');
INSERT INTO "outbox" VALUES(21,'reply',5,5,20,NULL,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790693957710265e+09,20,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','20');
INSERT INTO "outbox" VALUES(22,'reply',7,NULL,21,NULL,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790704104590415e+09,21,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','21');
INSERT INTO "outbox" VALUES(23,'reply',1,1,22,19,NULL,'',NULL,'',0,'sent','',NULL,1,NULL,1.79531790747158169745e+09,22,'2026-11-21 02:00:00.000000',0,'2026-11-21 02:00:00.000000','2026-11-21 02:00:00.000000','22');
INSERT INTO "outbox" VALUES(24,'letter',NULL,3,NULL,NULL,NULL,'weekly-digest',NULL,'2026-W48',0,'planned','','2026-11-23 00:30:00.000000',0,NULL,0.0,0,NULL,0,'2026-11-23 00:30:00.000000',NULL,'');
INSERT INTO "outbox" VALUES(25,'letter',NULL,4,NULL,NULL,NULL,'weekly-digest',NULL,'2026-W48',0,'planned','','2026-11-23 00:30:00.000000',0,NULL,0.0,0,NULL,0,'2026-11-23 00:30:00.000000',NULL,'');
CREATE TABLE people (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	"key" VARCHAR, 
	version INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_key UNIQUE ("key")
);
INSERT INTO "people" VALUES(1,'Nguyễn Thị Lan','lan',0,'2026-11-21 02:00:00.000000');
INSERT INTO "people" VALUES(2,'Trần Văn Hùng','hung',0,'2026-11-21 02:00:00.000000');
INSERT INTO "people" VALUES(3,'Lê Thị Mai','mai',0,'2026-11-21 02:00:00.000000');
INSERT INTO "people" VALUES(4,'Phạm Văn Minh','minh',0,'2026-11-21 02:00:00.000000');
INSERT INTO "people" VALUES(5,'Vũ Thị Oanh','oanh',0,'2026-11-21 02:00:00.000000');
INSERT INTO "people" VALUES(6,'Đinh Thị Cúc','cuc',0,'2026-11-21 02:00:00.000000');
CREATE TABLE planned (
	"key" VARCHAR NOT NULL, 
	outbox_id INTEGER NOT NULL, 
	planned_at DATETIME NOT NULL, 
	CONSTRAINT pk_planned PRIMARY KEY ("key")
);
INSERT INTO "planned" VALUES('nudge|5|2|3|2026-11-21',19,'2026-11-21 02:00:00.000000');
INSERT INTO "planned" VALUES('weekly-digest|2026-W48|3',24,'2026-11-23 00:30:00.000000');
INSERT INTO "planned" VALUES('weekly-digest|2026-W48|4',25,'2026-11-23 00:30:00.000000');
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	role VARCHAR NOT NULL, 
	unit_id INTEGER, 
	since DATE NOT NULL, 
	until DATE, 
	CONSTRAINT pk_posts PRIMARY KEY (id), 
	CONSTRAINT fk_posts_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_posts_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "posts" VALUES(1,1,'secretary',4,'2026-11-21',NULL);
INSERT INTO "posts" VALUES(2,2,'secretary',5,'2026-11-21',NULL);
INSERT INTO "posts" VALUES(3,3,'committee',2,'2026-11-21',NULL);
INSERT INTO "posts" VALUES(4,4,'monitor',4,'2026-11-21',NULL);
INSERT INTO "posts" VALUES(5,4,'monitor',5,'2026-11-21',NULL);
INSERT INTO "posts" VALUES(6,5,'organiser',1,'2026-11-21',NULL);
INSERT INTO "posts" VALUES(7,6,'secretary',8,'2026-11-21',NULL);
CREATE TABLE questions (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	person_id INTEGER, 
	draft JSON, 
	choices JSON NOT NULL, 
	first_number INTEGER NOT NULL, 
	last_number INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	is_sent BOOLEAN NOT NULL, 
	is_uncertain BOOLEAN NOT NULL, 
	CONSTRAINT pk_questions PRIMARY KEY (id), 
	CONSTRAINT fk_questions_contact_id FOREIGN KEY(contact_id) REFERENCES addresses (id), 
	CONSTRAINT fk_questions_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "questions" VALUES(1,1,1,'{"form": "admission", "fields": {"people": [{"candidate_id": 5664022991368286, "is_new": true, "ceremony_on": null, "is_other": false}], "unit_id": 4, "ceremony_on": "2026-10-15", "decision_on": null, "decision_no": "", "is_decision_only": false, "count": null, "asks": "card", "asked": null, "namesake": null, "trouble": null, "typed_date": "15/10"}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}, {"label": "L\u01b0u kh\u00f4ng t\u00ean", "says": "l\u01b0u kh\u00f4ng t\u00ean", "candidate_id": null}]',1,4,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(2,1,1,NULL,'[{"label": "Ho\u00e0n t\u00e1c", "says": "/hoantac 1", "candidate_id": null}, {"label": "Xem", "says": "/xem 1", "candidate_id": null}]',1,2,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(3,1,1,'{"form": "add_candidate", "fields": {"unit_id": 4, "people": [3527876060420936], "ties": [], "missing": 0, "stage": null, "certificate_on": null, "reason": null, "asks": "card"}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}, {"label": "L\u01b0u kh\u00f4ng t\u00ean", "says": "l\u01b0u kh\u00f4ng t\u00ean", "candidate_id": null}]',1,4,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(4,1,1,NULL,'[{"label": "Xem ngu\u1ed3n", "says": "/nguon B1", "candidate_id": null}]',1,1,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(5,1,1,'{"form": "admission", "fields": {"people": [{"candidate_id": 3527876060420936, "is_new": false, "ceremony_on": null, "is_other": false}], "unit_id": 4, "ceremony_on": null, "decision_on": "2026-11-16", "decision_no": "88", "is_decision_only": true, "count": null, "asks": "card", "asked": null, "namesake": null, "trouble": null, "typed_date": "ng\u00e0y 16/11"}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}]',1,3,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(6,1,1,NULL,'[{"label": "Ho\u00e0n t\u00e1c", "says": "/hoantac 2", "candidate_id": null}, {"label": "Xem", "says": "/xem 2", "candidate_id": null}]',1,2,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(7,2,2,'{"form": "admission", "fields": {"people": [{"candidate_id": 1275303610545974, "is_new": true, "ceremony_on": null, "is_other": false}], "unit_id": 5, "ceremony_on": "2026-09-02", "decision_on": null, "decision_no": "", "is_decision_only": false, "count": null, "asks": "card", "asked": null, "namesake": null, "trouble": null, "typed_date": "2/9"}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}, {"label": "L\u01b0u kh\u00f4ng t\u00ean", "says": "l\u01b0u kh\u00f4ng t\u00ean", "candidate_id": null}]',1,4,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(8,2,2,NULL,'[{"label": "Ho\u00e0n t\u00e1c", "says": "/hoantac 3", "candidate_id": null}, {"label": "Xem", "says": "/xem 3", "candidate_id": null}]',1,2,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(9,2,2,'{"form": "correction", "fields": {"number": 3, "ceremony_on": "2026-09-03", "decision_on": null, "decision_no": "", "renamed": null, "is_other": false}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}]',1,3,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(10,2,2,NULL,'[{"label": "Ho\u00e0n t\u00e1c", "says": "/hoantac 4", "candidate_id": null}, {"label": "Xem", "says": "/xem 4", "candidate_id": null}]',1,2,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(11,6,6,'{"form": "admission", "fields": {"people": [{"candidate_id": 7333019788917349, "is_new": true, "ceremony_on": null, "is_other": false}], "unit_id": 8, "ceremony_on": "2026-11-01", "decision_on": null, "decision_no": "", "is_decision_only": false, "count": null, "asks": "card", "asked": null, "namesake": null, "trouble": null, "typed_date": "1/11"}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}, {"label": "L\u01b0u kh\u00f4ng t\u00ean", "says": "l\u01b0u kh\u00f4ng t\u00ean", "candidate_id": null}]',1,4,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(12,6,6,NULL,'[{"label": "Ho\u00e0n t\u00e1c", "says": "/hoantac 5", "candidate_id": null}, {"label": "Xem", "says": "/xem 5", "candidate_id": null}]',1,2,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(13,6,6,NULL,'[{"label": "Kh\u00f4i ph\u1ee5c", "says": "/khoiphuc 5", "candidate_id": null}]',1,1,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(14,6,6,NULL,'[{"label": "Kh\u00f4i ph\u1ee5c", "says": "/khoiphuc 5", "candidate_id": null}]',1,1,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(15,1,1,NULL,'[{"label": "Ho\u00e0n t\u00e1c", "says": "/huy 6", "candidate_id": null}]',1,1,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(16,3,3,'{"form": "set_quota", "fields": {"period": "2027", "items": [{"unit_id": 4, "target": {"low": 2, "shape": "number", "high": null}, "replaces": null}], "decision_no": ""}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}]',1,3,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000','2026-11-21 02:00:00.000000',1,0);
INSERT INTO "questions" VALUES(17,3,3,NULL,'[{"label": "Xem ch\u1ec9 ti\u00eau", "says": "/chitieu", "candidate_id": null}]',1,1,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(18,5,5,NULL,'[{"label": "\u0110\u1ea3ng b\u1ed9 x\u00e3 B\u00ecnh Minh", "says": "/tiendo XA", "candidate_id": null}, {"label": "\u0110\u1ea3ng b\u1ed9 x\u00e3 H\u00f2a B\u00ecnh", "says": "/tiendo XB", "candidate_id": null}]',1,2,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
INSERT INTO "questions" VALUES(19,1,1,'{"form": "admission", "fields": {"people": [{"candidate_id": 1875156768326961, "is_new": true, "ceremony_on": null, "is_other": false}], "unit_id": 4, "ceremony_on": "2026-10-20", "decision_on": null, "decision_no": "", "is_decision_only": false, "count": null, "asks": "card", "asked": null, "namesake": null, "trouble": null, "typed_date": "20/10"}}','[{"label": "L\u01b0u", "says": "l\u01b0u", "candidate_id": null}, {"label": "S\u1eeda", "says": "s\u1eeda", "candidate_id": null}, {"label": "B\u1ecf", "says": "b\u1ecf", "candidate_id": null}, {"label": "L\u01b0u kh\u00f4ng t\u00ean", "says": "l\u01b0u kh\u00f4ng t\u00ean", "candidate_id": null}]',1,4,'2026-11-21 02:00:00.000000','2026-11-22 02:00:00.000000',NULL,1,0);
CREATE TABLE quotas (
	id INTEGER NOT NULL, 
	unit_id INTEGER NOT NULL, 
	period VARCHAR NOT NULL, 
	low INTEGER NOT NULL, 
	shape VARCHAR NOT NULL, 
	high INTEGER, 
	stretch INTEGER, 
	decision_no VARCHAR NOT NULL, 
	effective_on DATE, 
	set_by INTEGER, 
	set_at DATETIME NOT NULL, 
	is_current BOOLEAN NOT NULL, 
	CONSTRAINT pk_quotas PRIMARY KEY (id), 
	CONSTRAINT fk_quotas_set_by FOREIGN KEY(set_by) REFERENCES people (id), 
	CONSTRAINT fk_quotas_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "quotas" VALUES(1,2,'2026',13,'number',NULL,NULL,'',NULL,NULL,'2026-11-21 02:00:00.000000',1);
INSERT INTO "quotas" VALUES(2,4,'2026',3,'number',NULL,NULL,'',NULL,NULL,'2026-11-21 02:00:00.000000',1);
INSERT INTO "quotas" VALUES(3,5,'2026',2,'number',NULL,NULL,'',NULL,NULL,'2026-11-21 02:00:00.000000',1);
INSERT INTO "quotas" VALUES(4,8,'2026',1,'number',NULL,NULL,'',NULL,NULL,'2026-11-21 02:00:00.000000',1);
INSERT INTO "quotas" VALUES(5,4,'2027',2,'number',NULL,NULL,'','2026-11-21',3,'2026-11-21 02:00:00.000000',1);
CREATE TABLE sheets (
	code VARCHAR NOT NULL, 
	person_id INTEGER, 
	figures JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_sheets PRIMARY KEY (code), 
	CONSTRAINT fk_sheets_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
INSERT INTO "sheets" VALUES('4ZNA',5,'[{"label": "\u0110\u1ea3ng b\u1ed9 t\u1ec9nh Th\u1eed", "unit_id": 1, "period": "2026", "fact": "ceremony", "value": 2}]','2026-11-21 02:00:00.000000');
CREATE TABLE unit_places (
	unit_id INTEGER NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_to DATE, 
	parent_id INTEGER, 
	path VARCHAR NOT NULL, 
	CONSTRAINT pk_unit_places PRIMARY KEY (unit_id, valid_from), 
	CONSTRAINT fk_unit_places_parent_id FOREIGN KEY(parent_id) REFERENCES units (id), 
	CONSTRAINT fk_unit_places_unit_id FOREIGN KEY(unit_id) REFERENCES units (id)
);
INSERT INTO "unit_places" VALUES(1,'1900-01-01',NULL,NULL,'/1/');
INSERT INTO "unit_places" VALUES(2,'1900-01-01',NULL,1,'/1/2/');
INSERT INTO "unit_places" VALUES(3,'1900-01-01',NULL,1,'/1/3/');
INSERT INTO "unit_places" VALUES(4,'1900-01-01',NULL,2,'/1/2/4/');
INSERT INTO "unit_places" VALUES(5,'1900-01-01',NULL,2,'/1/2/5/');
INSERT INTO "unit_places" VALUES(6,'1900-01-01',NULL,2,'/1/2/6/');
INSERT INTO "unit_places" VALUES(7,'1900-01-01',NULL,2,'/1/2/7/');
INSERT INTO "unit_places" VALUES(8,'1900-01-01',NULL,3,'/1/3/8/');
CREATE TABLE units (
	id INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	sector VARCHAR NOT NULL, 
	nobody_left BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_units PRIMARY KEY (id), 
	CONSTRAINT uq_units_code UNIQUE (code)
);
INSERT INTO "units" VALUES(1,'T','Đảng bộ tỉnh Thử','dang bo tinh thu','superior','other',0,0);
INSERT INTO "units" VALUES(2,'XA','Đảng bộ xã Bình Minh','dang bo xa binh minh','grassroots','other',0,0);
INSERT INTO "units" VALUES(3,'XB','Đảng bộ xã Hòa Bình','dang bo xa hoa binh','grassroots','other',0,0);
INSERT INTO "units" VALUES(4,'B1','Chi bộ thôn 1','chi bo thon 1','branch','residential',0,0);
INSERT INTO "units" VALUES(5,'B2','Chi bộ thôn 2','chi bo thon 2','branch','residential',0,0);
INSERT INTO "units" VALUES(6,'B3','Chi bộ trường THCS','chi bo truong thcs','branch','school',0,0);
INSERT INTO "units" VALUES(7,'B4','Chi bộ Trạm Y tế','chi bo tram y te','branch','health',1,0);
INSERT INTO "units" VALUES(8,'C1','Chi bộ thôn Hạ','chi bo thon ha','branch','residential',0,0);
CREATE INDEX ix_heard_heard_at ON heard (heard_at);
CREATE INDEX ix_addresses_person_id ON addresses (person_id);
CREATE UNIQUE INDEX uq_addresses_chat ON addresses (channel, account, chat);
CREATE INDEX ix_candidates_folded ON candidates (folded);
CREATE INDEX ix_candidates_namesakes ON candidates (unit_id, folded);
CREATE INDEX ix_posts_person_id ON posts (person_id);
CREATE INDEX ix_posts_unit_id ON posts (unit_id);
CREATE UNIQUE INDEX uq_posts_open ON posts (person_id, role, unit_id) WHERE until IS NULL;
CREATE UNIQUE INDEX uq_quotas_current ON quotas (unit_id, period) WHERE is_current;
CREATE INDEX ix_unit_places_parent_id ON unit_places (parent_id);
CREATE INDEX ix_unit_places_path ON unit_places (path);
CREATE INDEX ix_entries_author ON entries (author_id, number);
CREATE INDEX ix_entries_candidate_id ON entries (candidate_id);
CREATE INDEX ix_entries_ceremony ON entries (unit_id, ceremony_on);
CREATE INDEX ix_entries_decision ON entries (unit_id, decision_on);
CREATE INDEX ix_entries_made_at ON entries (made_at);
CREATE UNIQUE INDEX uq_entries_candidate ON entries (candidate_id) WHERE state = 'live' AND kind = 'admission';
CREATE UNIQUE INDEX uq_entries_digest ON entries (digest) WHERE state = 'live';
CREATE UNIQUE INDEX uq_entries_nothing ON entries (unit_id, month) WHERE state = 'live' AND kind = 'nothing';
CREATE INDEX ix_inbox_done_at ON inbox (done_at);
CREATE INDEX ix_inbox_waiting ON inbox (contact_id, id) WHERE state = 'waiting';
CREATE INDEX ix_questions_open ON questions (contact_id, id) WHERE settled_at IS NULL;
CREATE INDEX ix_outbox_chat ON outbox (contact_id, id);
CREATE INDEX ix_outbox_open ON outbox (kind, id) WHERE state IN ('planned', 'held', 'claimed', 'uncertain');
CREATE INDEX ix_outbox_person ON outbox (person_id, rule);
CREATE INDEX ix_outbox_question ON outbox (question_id);
COMMIT;
