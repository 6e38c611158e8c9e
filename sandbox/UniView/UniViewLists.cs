using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Control;
using UsageBilling.Sandbox.Wire;

namespace UsageBilling.Sandbox.UniView;

/// <summary>The lists of the public api. Runs inside the gate.</summary>
internal sealed class UniViewLists(SandboxClock clock)
{
    public static Answer Customers(Ask ask, UniViewState state, Fault? fault)
    {
        var id = ask.Query["id"].ToString();
        if (id.Length > 0 && !Guid.TryParse(id, out _))
            return UniViewAnswers.Invalid("id", $"The value '{id}' is not valid.");
        var name = ask.Query["name"].ToString();
        var found = state.Customers
            .Where(customer => id.Length == 0 || Guid.Parse(Text(customer, "id")) == Guid.Parse(id))
            .Where(customer => name.Length == 0 || string.Equals(Text(customer, "name"), name, StringComparison.OrdinalIgnoreCase));
        return Listed(ask, found, ["id", "name"], (customer, column) => Text(customer, column), customer => customer.DeepClone(), fault?.Kind);
    }

    public Answer Domains(Ask ask, UniViewState state, int version, Fault? fault)
    {
        var withUsers = !string.Equals(ask.Query["include[users]"], "false", StringComparison.OrdinalIgnoreCase);
        var domains = state.Domains.Select(domain => DomainShapes.Disturbed(domain, fault?.Kind));
        return Listed(
            ask,
            domains,
            ["name", "number_of_users"],
            (domain, column) => column == "name" ? Text(domain, "name") : DomainShapes.Users(domain),
            domain => version == 1 ? DomainShapes.V1(domain, clock.Today, withUsers) : DomainShapes.V2(domain, clock.Today, withUsers),
            fault?.Kind);
    }

    public Answer Users(Ask ask, UniViewState state, int version, string domainId, Fault? fault)
    {
        if (state.Domain(domainId) is not { } domain)
            return UniViewAnswers.NotFound();
        var (page, refusal) = PagedList.Read(ask);
        if (page is null)
            return refusal!;
        var standard = DomainShapes.UsersOf(domain, clock.Today, archived: false, version);
        var archived = DomainShapes.UsersOf(domain, clock.Today, archived: true, version);
        if (version == 1)
            return page.Answer(Array(page.Rows([.. standard], fault?.Kind)), standard.Count, fault?.Kind);
        // one page runs through the standard users first, then the archived ones
        List<(bool Archived, JsonNode? User)> all = [.. standard.Select(user => (false, user)), .. archived.Select(user => (true, user))];
        var rows = page.Rows(all, fault?.Kind);
        var body = new JsonObject
        {
            ["users"] = Array(rows.Where(row => !row.Archived).Select(row => row.User)),
            ["archivedUsers"] = Array(rows.Where(row => row.Archived).Select(row => row.User)),
        };
        return page.Answer(body, all.Count, fault?.Kind);
    }

    private static Answer Listed(
        Ask ask,
        IEnumerable<JsonObject> found,
        IReadOnlyList<string> columns,
        Func<JsonObject, string, IComparable> key,
        Func<JsonObject, JsonNode> shape,
        FaultKind? kind)
    {
        var (page, refusal) = PagedList.Read(ask);
        if (page is null)
            return refusal!;
        var column = ask.Query["order_by"].ToString();
        if (column.Length > 0 && !columns.Contains(column))
            return UniViewAnswers.Invalid("order_by", $"The value '{column}' is not valid; it can be {string.Join(" or ", columns)}.");
        var direction = ask.Query["order_direction"].ToString().ToLowerInvariant();
        if (direction is not ("" or "asc" or "desc"))
            return UniViewAnswers.Invalid("order_direction", "The value can be asc or desc.");
        var ordered = column.Length == 0 ? found : direction == "desc"
            ? found.OrderByDescending(row => key(row, column))
            : found.OrderBy(row => key(row, column));
        List<JsonObject> all = [.. ordered];
        return page.Answer(Array(page.Rows(all, kind).Select(shape)), all.Count, kind);
    }

    private static JsonArray Array(IEnumerable<JsonNode?> items) => new([.. items.Select(item => item?.DeepClone())]);

    private static string Text(JsonObject row, string name) => row[name]?.GetValue<string>() ?? "";
}
