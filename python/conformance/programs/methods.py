"""Methods as tasks: instances (self is INOUT unless target_direction says otherwise), class and static methods, inheritance."""
from pycompss.api.api import compss_wait_on
from pycompss.api.parameter import IN, INOUT
from pycompss.api.task import task

from shapes import Counter, LoudCounter


class Account:
    """A class of the main script."""

    fee = 1

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance

    @task()
    def deposit(self, amount):
        self.balance += amount

    @task(returns=int)
    def withdraw(self, amount):
        self.balance -= amount + self.fee
        return self.balance

    @task(returns=int, target_direction=IN)
    def peek(self):
        return self.balance

    @task(other=INOUT)
    def transfer(self, other, amount):
        self.balance -= amount
        other.balance += amount

    @classmethod
    @task(returns=object)
    def opened(cls, owner):
        return cls(owner, 5)

    @staticmethod
    @task(returns=int)
    def interest(amount, percent):
        return amount * percent // 100


class Savings(Account):
    fee = 0

    @task()
    def deposit(self, amount):
        self.balance += 2 * amount


mine = Account("me", 100)
for amount in range(5):
    mine.deposit(amount)
left = mine.withdraw(50)
mine.deposit(1)
print("withdraw", compss_wait_on(left), compss_wait_on(mine.peek()))
yours = Savings("you")
mine.transfer(yours, 10)
yours.deposit(7)
mine, yours = compss_wait_on(mine), compss_wait_on(yours)
print("balances", mine.owner, mine.balance, yours.owner, yours.balance, type(yours).__name__)
assert type(mine) is Account and type(yours) is Savings
mine.deposit(1)
print("again", compss_wait_on(mine).balance)

new = compss_wait_on(Savings.opened("child"))
print("class method", type(new).__name__, new.balance)
print("static method", compss_wait_on(Account.interest(200, 3)), compss_wait_on(mine.interest(400, 3)))

counter = Counter(5)
counter.increment()
counter.add(10)
print("module", compss_wait_on(counter.get()), compss_wait_on(counter).value)
loud = LoudCounter(1)
loud.increment()
loud.shout()
print("inherited", compss_wait_on(loud.get()), compss_wait_on(LoudCounter.zero()).value, compss_wait_on(Counter.describe(3)))
