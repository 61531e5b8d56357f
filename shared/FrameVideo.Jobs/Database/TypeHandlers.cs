using System.Data;
using System.Globalization;
using Dapper;
using FrameVideo.Contracts;
using Microsoft.Data.Sqlite;

namespace FrameVideo.Jobs;

/// <summary>Tells Dapper how IDs and times stand in a row.</summary>
internal static class TypeHandlers
{
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new IdHandler<RequestId>());
        SqlMapper.AddTypeHandler(new IdHandler<UserId>());
        SqlMapper.AddTypeHandler(new IdHandler<VideoId>());
        SqlMapper.AddTypeHandler(new IdHandler<ObjectKey>());
        SqlMapper.AddTypeHandler(new IdHandler<AspectRatio>());
        // Dapper's own mapping would win over the handler.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new TimeHandler());
    }

    private sealed class IdHandler<TId> : SqlMapper.TypeHandler<TId>
        where TId : struct, ISpanParsable<TId>
    {
        public override TId Parse(object value) => TId.Parse((string)value, null);

        public override void SetValue(IDbDataParameter parameter, TId value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = value.ToString();
        }
    }

    /// <summary>SQLite has no type for times: RFC 3339 UTC of one width, so that the order of text is the order of time.</summary>
    private sealed class TimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

        public override DateTimeOffset Parse(object value) => value switch
        {
            string text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            DateTimeOffset time => time,
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            _ => throw new DataException($"A time was expected, not a {value.GetType().Name}."),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = parameter is SqliteParameter ? value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture) : value.ToUniversalTime();
    }
}
