// Drives the sandbox with a client that was not written for it. Arguments: folder of the package, base url, user, secret, integration code.
// Prints one JSON object: what each step answered.
'use strict';

const [, , folder, base_url, user, secret, code] = process.argv;
const { AutotaskRestApi, FilterOperators } = require(folder);

// The client says on stderr what it cannot name; standard output is for the result alone.
console.error = () => {};

const everything = { filter: [{ op: FilterOperators.gte, field: 'id', value: 0 }] };
const some = (row, ...names) => Object.fromEntries(names.map((name) => [name, row[name]]));

async function refused(call) {
  try {
    return { answered: await call() };
  } catch (error) {
    return { status: error.status, details: error.details };
  }
}

// The client looks its zone up by itself before the first call, and goes on with what it was told.
async function zone(api) {
  await api.Companies.info();
  return api.zoneInfo;
}

// The client hands the link to the next page to its caller; a page of a POST query is POSTed with the same body.
async function pages(api) {
  const search = { ...everything, MaxRecords: 4, IncludeFields: ['id', 'companyName'] };
  const ids = [];
  let page = await api.Companies.query(search);
  for (let number = 1; number <= 9; number++) {
    ids.push(page.items.map((item) => item.id));
    const next = page.pageDetails.nextPageUrl;
    if (!next) break;
    page = await api._post(next.replace(`${api.zoneInfo.url}V1.0`, ''), search);
  }
  return { ids, last: page.pageDetails.nextPageUrl, count: await api.Companies.count(everything) };
}

async function reads(api) {
  return {
    self: some((await api.Companies.get(0)).item, 'id', 'companyName', 'userDefinedFields'),
    nobody: await api.Companies.get(9999999),
    beginning: (await api.Companies.query({ filter: [{ op: FilterOperators.beginsWith, field: 'companyName', value: 'A' }, { op: FilterOperators.gt, field: 'id', value: 0 }] }))
      .items.map((item) => item.companyName),
    own: (await api.Companies.query({ filter: [{ op: 'eq', field: 'Usage billing customer', value: 'alder-dental', udf: true }] })).items.map((item) => item.id),
    info: (await api.ContractServiceAdjustments.info()).info,
    field: (await api.Tickets.fieldInfo()).fields.find((field) => field.name === 'queueID'),
    ownFields: (await api.Tickets.udfInfo()).fields.map((field) => some(field, 'name', 'type', 'isPickList')),
  };
}

async function ticket(api) {
  const shown = async (id) => some((await api.Tickets.get(id)).item, 'id', 'ticketNumber', 'status', 'completedDate', 'resolution', 'externalID', 'queueID', 'userDefinedFields');
  const created = await api.Tickets.create({
    companyID: 205, companyLocationID: 3001, title: 'Usage mismatch: EDR', status: 1, priority: 2, queueID: 29682833, dueDateTime: '2026-09-22T17:00:00Z',
    externalID: 'hub:205:edr', userDefinedFields: [{ name: 'Usage period', value: '2026-09' }],
  });
  const id = created.itemId;
  const found = (await api.Tickets.query({ filter: [{ op: 'eq', field: 'externalID', value: 'hub:205:edr' }, { op: 'noteq', field: 'status', value: 5 }] })).items.map((item) => item.id);
  const note = await api.TicketNotes.create(id, { title: 'Hub', description: 'Seen again.', noteType: 3, publish: 2 });
  const changedNote = await api.TicketNotes.update(id, { id: note.itemId, description: 'Seen twice.' });
  const closed = await api.Tickets.update({ id, status: 5, resolution: 'Synced' }, { ImpersonationResourceId: 29682885 });
  return {
    created, found, note, changedNote, closed,
    shown: await shown(id),
    notes: (await api.TicketNotes.query({ filter: [{ op: 'eq', field: 'ticketID', value: id }] })).items.map((item) => some(item, 'id', 'description', 'noteType', 'publish')),
    open: await api.Tickets.count({ filter: [{ op: 'noteq', field: 'status', value: 5 }] }),
  };
}

async function units(api) {
  const rows = async () => (await api.ContractServiceUnits.query({
    filter: [
      { op: 'eq', field: 'contractServiceID', value: 8001 },
      { op: 'lte', field: 'startDate', value: '2026-09-30T23:59:59' },
      { op: 'gte', field: 'endDate', value: '2026-09-01T00:00:00' },
    ],
  })).items.map((item) => some(item, 'startDate', 'endDate', 'units', 'price'));
  const adjustment = { contractID: 29684001, contractServiceID: 8001, unitChange: 4, effectiveDate: '2026-09-16' };
  return {
    before: await rows(),
    adjusted: await api.ContractServiceAdjustments.create(29684001, adjustment),
    again: await refused(() => api.ContractServiceAdjustments.create(29684001, adjustment)),
    late: await refused(() => api.ContractServiceAdjustments.create(29684001, { ...adjustment, effectiveDate: '2035-02-01' })),
    after: await rows(),
    described: await api.ContractServices.update(29684001, { id: 8001, invoiceDescription: 'Backup seats' }),
    line: some((await api.ContractServices.get(8001)).item, 'id', 'invoiceDescription', 'serviceID', 'unitPrice'),
  };
}

// What the client's own tests do with a contact
async function contact(api) {
  const { itemId } = await api.CompanyContacts.create(0, { companyID: 0, firstName: 'Tester', middleInitial: 'Xavier', lastName: 'Testington', isActive: 0 });
  const names = async () => some((await api.Contacts.get(itemId)).item, 'id', 'firstName', 'middleInitial', 'lastName', 'title', 'isActive');
  const updated = await api.CompanyContacts.update(0, { id: itemId, firstName: 'Ingrid', isActive: 0 });
  const afterUpdate = await names();
  const replaced = await api.CompanyContacts.replace(0, { id: itemId, title: 'Commander', firstName: 'William', lastName: 'Adama', isActive: 1 });
  const afterReplace = await names();
  const deleted = await api.CompanyContacts.delete(0, itemId);
  return { itemId, updated, afterUpdate, replaced, afterReplace, deleted, afterDelete: await api.Contacts.get(itemId) };
}

async function errors(api) {
  const as = (...credentials) => refused(() => new AutotaskRestApi(...credentials, { base_url }).Companies.get(0));
  return {
    // the client is refused its zone (500), does not say so, and asks where it was pointed to
    unknownUser: await as('nobody@demo.example', secret, code),
    wrongSecret: await as(user, 'wrong', code),
    wrongCode: await as(user, secret, 'wrong'),
    missingField: await refused(() => api.Tickets.create({ companyID: 205, title: 'No due date', status: 1, priority: 2, queueID: 29682833 })),
    missingQueue: await refused(() => api.Tickets.create({ companyID: 205, title: 'No queue', status: 1, priority: 2, dueDateTime: '2026-09-22' })),
    badPicklist: await refused(() => api.Tickets.update({ id: 1, priority: 77 })),
    badFilter: await refused(() => api.Companies.query({ filter: [{ op: 'eq', field: 'id', value: 'material' }] })),
    tooMany: await refused(() => api.Companies.query({ ...everything, MaxRecords: 501 })),
    wrongVerb: await refused(() => api.Tickets.delete(1)),
    noRoute: await refused(() => api.Resources.get(1)),
  };
}

// Every child the client knows of contracts, tickets and companies: a route that is not there answers 404, which the client turns into null.
async function routes(api) {
  const there = {};
  for (const entity of api.available_entities.filter((one) => ['Companies', 'Contracts', 'Tickets'].includes(one.childOf))) {
    const path = `/${entity.childOf}/${{ Companies: 205, Contracts: 29684001, Tickets: 1 }[entity.childOf]}/${entity.subname}`;
    const verbs = [];
    for (const verb of ['GET', 'POST', 'PATCH', 'PUT']) {
      const tried = await refused(() => api._fetch(verb, path, null, verb === 'GET' ? null : {}));
      if (tried.status !== 405 && tried.answered !== null) verbs.push(verb);
    }
    there[`${entity.childOf}/${entity.subname}`] = verbs.join(' ');
  }
  return there;
}

async function main() {
  const api = new AutotaskRestApi(user, secret, code, { base_url });
  return {
    zone: await zone(api),
    pages: await pages(api),
    reads: await reads(api),
    ticket: await ticket(api),
    units: await units(api),
    contact: await contact(api),
    errors: await errors(api),
    routes: await routes(api),
  };
}

main().then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error) => {
    process.stderr.write(`${error.stack}\n${JSON.stringify(error.details ?? null)}\n`);
    process.exitCode = 1;
  },
);
