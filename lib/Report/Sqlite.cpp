//===- Sqlite.cpp - the spans as a database -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Made under another name and renamed when it is whole.
//===----------------------------------------------------------------------===//
#include "Render.h"
#include <cstdio>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

using namespace goslim;
using llvm::StringRef;

static constexpr const char *Schema = R"sql(
create table file(name text, size integer, memory integer, arch text, os text,
                  go text, stripped integer, replayed_symbols integer);
create table module(id integer primary key, path text, version text);
create table package(id integer primary key, path text, module integer
                     references module);
create table span(offset integer, size integer, address integer,
                  memsize integer, section text, kind text, step text,
                  package integer references package, symbol text,
                  evidence text, users integer, object integer references object);
create table object(id integer primary key, name text, archive text,
                    package integer references package);
create table user(set_id integer, package integer references package);
create table embed(path text, variable text, package integer references package,
                   size integer, address integer);
)sql";

static constexpr const char *Views = R"sql(
create index span_package on span(package);
create view by_package as
  select coalesce(p.path, '[' || s.kind || ']') as name,
         sum(s.size) as size, sum(s.memsize) as memory
  from span s left join package p on p.id = s.package
  group by 1 order by 2 desc;
create view by_module as
  select coalesce(m.path, '[' || s.kind || ']') as name, m.version as version,
         sum(s.size) as size, sum(s.memsize) as memory
  from span s left join package p on p.id = s.package
              left join module m on m.id = p.module
  group by 1, 2 order by 3 desc;
create view by_symbol as
  select s.symbol as name, p.path as package, sum(s.size) as size,
         sum(s.memsize) as memory
  from span s left join package p on p.id = s.package where s.symbol <> '' and s.kind <> 'padding'
  group by 1, 2 order by 3 desc;
create view by_section as
  select section as name, sum(size) as size, sum(memsize) as memory
  from span group by 1 order by 2 desc;
create view by_object as
  select o.name as name, p.path as package, sum(s.size) as size,
         sum(s.memsize) as memory
  from span s join object o on o.id = s.object
              left join package p on p.id = o.package
  group by o.id order by 3 desc;
create view shared as
  select s.symbol as symbol, s.kind as kind, s.size as size,
         group_concat(p.path, ' ') as users
  from span s join user u on u.set_id = s.users
              join package p on p.id = u.package
  group by s.offset, s.address order by s.size desc;
)sql";

namespace {

/// An SQLite connection; the first error is kept.
class Database {
public:
  explicit Database(const std::string &Path) {
    check(sqlite3_open(Path.c_str(), &Handle));
  }
  ~Database() { close(); }
  void run(const char *Sql) {
    if (Error.empty())
      check(sqlite3_exec(Handle, Sql, nullptr, nullptr, nullptr));
  }
  void close() {
    if (Handle && sqlite3_close(Handle) != SQLITE_OK && Error.empty())
      Error = "could not be closed";
    Handle = nullptr;
  }
  void check(int Code) {
    if (Code != SQLITE_OK && Code != SQLITE_DONE && Error.empty())
      Error = Handle ? sqlite3_errmsg(Handle) : "out of memory";
  }
  sqlite3 *Handle = nullptr;
  std::string Error;
};

/// A prepared "insert", filled value by value.
class Inserter {
public:
  Inserter(Database &D, const char *Sql) : D(D) {
    if (D.Error.empty())
      D.check(sqlite3_prepare_v2(D.Handle, Sql, -1, &Statement, nullptr));
  }
  ~Inserter() { sqlite3_finalize(Statement); }
  Inserter &operator<<(uint64_t Value) {
    if (Statement)
      sqlite3_bind_int64(Statement, ++At, int64_t(Value));
    return *this;
  }
  Inserter &operator<<(StringRef Text) {
    if (Statement)
      sqlite3_bind_text(Statement, ++At, Text.data(), int(Text.size()),
                        SQLITE_TRANSIENT);
    return *this;
  }
  Inserter &null() {
    ++At; // what is not bound is NULL
    return *this;
  }
  void done() {
    if (Statement) {
      D.check(sqlite3_step(Statement));
      sqlite3_reset(Statement);
      sqlite3_clear_bindings(Statement);
    }
    At = 0;
  }

private:
  Database &D;
  sqlite3_stmt *Statement = nullptr;
  int At = 0;
};

} // namespace

static void insertNames(Database &D, const Attribution &A) {
  Inserter Module(D, "insert into module values(?,?,?)");
  for (size_t I = 0; I < A.Modules.size(); ++I)
    (Module << I << utf8(A.Modules[I].Path) << A.Modules[I].Version).done();
  Inserter Package(D, "insert into package values(?,?,?)");
  for (size_t I = 0; I < A.Packages.size(); ++I)
    (Package << I << utf8(A.Packages[I].Path) << A.Packages[I].Module).done();
  Inserter Object(D, "insert into object values(?,?,?,?)");
  for (size_t I = 1; I < A.Objects.size(); ++I) {
    Object << I << utf8(A.Objects[I].Name) << utf8(A.Objects[I].Archive);
    if (A.Objects[I].Package != NoPackage)
      Object << A.Objects[I].Package;
    Object.done();
  }
  Inserter User(D, "insert into user values(?,?)");
  for (size_t I = 1; I < A.UserSets.size(); ++I)
    for (uint32_t P : A.UserSets[I])
      (User << I << P).done();
  Inserter Embed(D, "insert into embed values(?,?,?,?,?)");
  for (const EmbedInfo &E : A.Embeds)
    (Embed << utf8(E.Path) << utf8(E.Variable) << E.Package << E.Size
           << E.Address)
        .done();
}

static void insertSpans(Database &D, const Image &File, const Attribution &A) {
  Inserter Row(D, "insert into span values(?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const Span &S : A.Spans) {
    Row << S.Offset << S.Size << S.Address << S.MemSize
        << utf8(sectionName(File, S)) << kindName(S.What)
        << (S.Why == Evidence::None ? StringRef() : stepName(S.By));
    if (S.Package == NoPackage)
      Row.null();
    else
      Row << S.Package;
    Row << utf8(S.Symbol) << evidenceName(S.Why);
    S.Users ? Row << S.Users : Row.null();
    S.Object ? Row << S.Object : Row.null();
    Row.done();
  }
}

llvm::Error goslim::writeSqlite(const std::string &Path,
                                const ReportedFile &F) {
  std::string Temporary = fmt::format("{}.{}.tmp", Path, ::getpid());
  ::unlink(Temporary.c_str());
  ProgramFacts Facts = factsOf(F.File, F.Go);
  Database D(Temporary);
  // Nobody else sees the file before it is whole.
  D.run("pragma journal_mode=off; pragma synchronous=off; begin");
  D.run(Schema);
  {
    Inserter File(D, "insert into file values(?,?,?,?,?,?,?,?)");
    (File << utf8(Facts.Name) << F.File.size() << totalsOf(F.Spans).Memory
          << F.File.arch() << utf8(Facts.Os) << utf8(Facts.GoVersion)
          << Facts.Stripped << F.Spans.ReplayedSymbols)
        .done();
    insertNames(D, F.Spans);
    insertSpans(D, F.File, F.Spans);
  }
  D.run(Views);
  D.run("commit");
  D.close();
  if (D.Error.empty() && ::rename(Temporary.c_str(), Path.c_str()) != 0)
    D.Error = "could not be renamed to its name";
  if (D.Error.empty())
    return llvm::Error::success();
  ::unlink(Temporary.c_str());
  return llvm::createStringError(Path + ": " + D.Error);
}
