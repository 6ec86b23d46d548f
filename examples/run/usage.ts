export const usage = `Checks CSV files with three services: catalog, processing and notifications.

Usage: npm start -- [options] [file.csv …]

Without files: the ones in examples/samples, and a large one that the first run makes.
Without --broker: all three services in this process, no RabbitMQ needed.

By hand, one terminal each (npm start -- …):
  service catalog --broker <url>
  service processing --broker <url>
  service notifications --broker <url>
  send --broker <url> [file.csv …]

Options:
  --broker <url>      three processes that meet at this RabbitMQ, such as amqp://localhost
  --data <folder>     where the services keep what they know (examples/data)
  --read-rate <MB/s>  processing reads each file no faster than this: time to watch, or to kill something
  --verbose           show what the services log
  --help              this text

DATABASE_URL=postgres://…  a PostgreSQL server for the catalog, instead of the one it brings along

Exit code: 0 when every file was either accepted or refused, 1 when something did not finish, 2 for wrong usage.
`;
