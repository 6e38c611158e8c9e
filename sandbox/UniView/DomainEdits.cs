using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.UniView;

/// <summary>A hand on the numbers: <c>/_sandbox/uniview/domains</c> adds, <c>/{id}</c> edits and removes.</summary>
internal sealed class DomainEdits(UniViewVendor vendor)
{
    public Answer Serve(Ask ask)
    {
        lock (vendor.Gate)
        {
            if (vendor.Journal.IsFull)
                return Answer.Problem(409, $"The sandbox's journal is full at {Journal.EntriesMax} writes.");
            return (ask.Method, ask.Segments.Count) switch
            {
                ("POST", 3) => Add(ask),
                ("POST", 4) => Edit(ask, ask.Segments[3]),
                ("DELETE", 4) => Remove(ask, ask.Segments[3]),
                (_, 3) => Answer.Problem(405, $"{ask.Path} answers POST.").With("Allow", "POST"),
                (_, 4) => Answer.Problem(405, $"{ask.Path} answers POST, DELETE.").With("Allow", "POST, DELETE"),
                _ => Answer.Problem(404, $"There is no {ask.Path} here; GET / lists what there is."),
            };
        }
    }

    private Answer Add(Ask ask)
    {
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return NotAnObject();
        if (UniViewState.Objection(body) is { } objection)
            return Answer.Problem(400, objection);
        if (body[DomainField.Id]?.GetValue<string>() is not { Length: > 0 } id)
            return Answer.Problem(400, "A new domain needs an id.");
        if (vendor.State.Domain(id) is not null)
            return Answer.Problem(409, $"There is a domain {id} already; POST to /_sandbox/uniview/domains/{id} to change it.");
        if (vendor.State.Domains.Count >= UniViewState.DomainsMax)
            return Answer.Problem(409, $"There are {UniViewState.DomainsMax} domains already.");
        vendor.State.Domains.Add(body);
        vendor.Keep(ask, id, body);
        return Answer.Json(201, vendor.Shown(body));
    }

    private Answer Edit(Ask ask, string id)
    {
        if (vendor.State.Domain(id) is not { } domain)
            return NoDomain(id);
        if (WireJson.ObjectFrom(ask.Body) is not { } body)
            return NotAnObject();
        if (UniViewState.Objection(body) is { } objection)
            return Answer.Problem(400, objection);
        if (body.ContainsKey(DomainField.Id) && body[DomainField.Id]!.GetValue<string>() != id)
            return Answer.Problem(400, "The id of a domain cannot be changed.");
        foreach (var (name, value) in body)
            domain[name] = value?.DeepClone();
        vendor.Keep(ask, id, body);
        return Answer.Json(200, vendor.Shown(domain));
    }

    private Answer Remove(Ask ask, string id)
    {
        if (vendor.State.Domain(id) is not { } domain)
            return NoDomain(id);
        vendor.State.Domains.Remove(domain);
        vendor.Keep(ask, id, null);
        return new Answer(204, "text/plain", "");
    }

    private static Answer NotAnObject() => Answer.Problem(400, "Send a JSON object with the properties of a domain to set.");

    private static Answer NoDomain(string id) => Answer.Problem(404, $"There is no domain {id}.");
}
