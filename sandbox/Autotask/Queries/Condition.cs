using System.Text.Json.Nodes;
using UsageBilling.Sandbox.Autotask.Entities;

namespace UsageBilling.Sandbox.Autotask.Queries;

/// <summary>What a row must fulfil.</summary>
internal abstract record Condition
{
    private Condition()
    {
    }

    public abstract bool Holds(JsonObject row);

    /// <summary>All of the items, or any of them.</summary>
    public sealed record Group(bool Any, IReadOnlyList<Condition> Items) : Condition
    {
        public override bool Holds(JsonObject row) => Any ? Items.Any(item => item.Holds(row)) : Items.All(item => item.Holds(row));
    }

    /// <summary>One property against values. Nothing compares to null, as in SQL; only exist and notExist see it.</summary>
    public sealed record Comparison(string Operator, Func<JsonObject, IComparable?> Left, IReadOnlyList<IComparable> Right) : Condition
    {
        public override bool Holds(JsonObject row)
        {
            var left = Left(row);
            if (Operator is "exist" or "notexist")
                return left is not null == (Operator == "exist");
            return left is not null && Operator switch
            {
                "eq" => Order(left, Right[0]) == 0,
                "noteq" => Order(left, Right[0]) != 0,
                "gt" => Order(left, Right[0]) > 0,
                "gte" => Order(left, Right[0]) >= 0,
                "lt" => Order(left, Right[0]) < 0,
                "lte" => Order(left, Right[0]) <= 0,
                "in" => Right.Any(value => Order(left, value) == 0),
                "notin" => Right.All(value => Order(left, value) != 0),
                "beginswith" => Words(left).StartsWith(Words(Right[0]), StringComparison.OrdinalIgnoreCase),
                "endswith" => Words(left).EndsWith(Words(Right[0]), StringComparison.OrdinalIgnoreCase),
                _ => Words(left).Contains(Words(Right[0]), StringComparison.OrdinalIgnoreCase),
            };
        }

        private static int Order(IComparable left, IComparable right) =>
            left is string text ? string.Compare(text, (string)right, StringComparison.OrdinalIgnoreCase) : left.CompareTo(right);

        private static string Words(IComparable value) => value is DateTime instant ? FieldValue.Text(instant) : value.ToString() ?? "";
    }
}
